// What is wrong with a configuration, where, and what to write instead.
#pragma once

#include <string>
#include <vector>

namespace spillway::config {

struct Fault {
  std::string file;   // as the user named it; empty for a configuration from the command line
  int line = 0;       // from 1; 0 = the file as a whole
  int column = 0;     // in characters, from 1
  std::string route;  // the route that it is in; empty outside of routes
  std::string message;
};

using Faults = std::vector<Fault>;

/// `FILE:LINE:COLUMN: route "x": message`, without the parts that the fault does not have.
std::string to_string(const Fault& fault);

/// In the order of the file; what was found first comes first at the same place.
void sort_by_place(Faults& faults);

}  // namespace spillway::config
