// The lines that say from time to time what each route did.
#pragma once

#include "daemon/observe/log.hpp"
#include "daemon/observe/metrics_table.hpp"

#include <chrono>
#include <string>

namespace spillway::observe {

/// Remembers the last table, so that each line has the interval's figures beside the totals.
class MetricsLog {
 public:
  /// `log` outlives it.
  explicit MetricsLog(Log& log) : log_(log) {}

  /// One `metrics` line per route and direction; none where nothing happened since the last call
  /// and nothing waits. A route that is new has all of its totals in its interval. REQUIRES: no
  /// total fell.
  void write(const MetricsTable& now, std::chrono::nanoseconds interval);
  /// Whoever has that name next is another route, and counts from 0.
  void forget(const std::string& route) { before_.erase(route); }

 private:
  Log& log_;
  MetricsTable before_;
};

}  // namespace spillway::observe
