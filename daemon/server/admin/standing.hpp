// Everything that is told of the daemon, at one time.
#pragma once

#include "daemon/observe/metrics_table.hpp"
#include "daemon/server/admin/overview.hpp"
#include "daemon/server/admin/process_figures.hpp"
#include "daemon/server/watched_loop.hpp"

#include <algorithm>
#include <cstddef>
#include <set>
#include <vector>

namespace spillway::server::admin {

/// All loops together, the control thread and the system.
struct Standing {
  Overview overview;
  ProcessFigures process;
  observe::MetricsTable metrics;
  std::set<ListeningAddress> listening;
  std::size_t loops = 0;

  void add(const LoopReport& report) {
    metrics += report.metrics;
    listening.insert(report.listening.begin(), report.listening.end());
    ++loops;
  }
  /// None if the route takes no connections any more.
  [[nodiscard]] const proxy::Route* route(const std::string& name) const {
    const auto found = std::ranges::find_if(
        overview.routes, [&name](const auto& each) { return each->config.name == name; });
    return found == overview.routes.end() ? nullptr : found->get();
  }
};

}  // namespace spillway::server::admin
