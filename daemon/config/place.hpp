// A place in the configuration file.
#pragma once

#include <compare>

namespace spillway::config {

/// Line and column in characters, both from 1. 0 = the file as a whole.
struct Place {
  int line = 0;
  int column = 0;
  auto operator<=>(const Place&) const = default;
};

}  // namespace spillway::config
