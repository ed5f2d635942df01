// Event loops by their numbers, for a log line.
#pragma once

#include <string>

namespace spillway::server {

/// "0,2": of any range of numbers.
template <class Loops>
std::string loop_list(const Loops& loops) {
  std::string list;
  for (const auto loop : loops) list += (list.empty() ? "" : ",") + std::to_string(loop);
  return list;
}

}  // namespace spillway::server
