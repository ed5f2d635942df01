// What one direction of one session did.
#pragma once

#include "daemon/observe/flow.hpp"

#include <cstdint>

namespace spillway::observe {

struct FlowFigures {
  FlowCounters counters;
  std::uint64_t queue_peak = 0;  // bytes

  /// Received, and neither sent nor dropped so far: at the session's end, what was lost with it.
  [[nodiscard]] std::uint64_t unsent() const { return counters.in_transit_bytes(); }
};

}  // namespace spillway::observe
