// What a group did in the window.
#pragma once

#include "bench/load/latency_histogram.hpp"

namespace load {

struct Tally {
  std::uint64_t messages = 0;
  std::uint64_t bytes_down = 0;  // to the clients
  std::uint64_t bytes_up = 0;    // from them
  std::uint64_t handshakes = 0;
  std::uint64_t checked_bytes = 0;
  std::uint64_t failed = 0;
  LatencyHistogram latency;
};

}  // namespace load
