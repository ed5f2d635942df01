// Routes that are served no more, and whose figures the loops still have.
#pragma once

#include "daemon/observe/metrics_table.hpp"
#include "daemon/server/change.hpp"

#include <set>
#include <string>
#include <vector>

namespace spillway::server {

/// Finds out when nothing more can come to a route's figures: for all loops together, since none of
/// them can tell by itself. Were they to forget at different times, the sums of the others would
/// fall.
class RemovedRoutes {
 public:
  /// These are served from now on, and no others. Called along with the change to them: the loops
  /// have made it when they answer what they are asked later.
  void serve(const std::vector<RoutePtr>& routes);
  /// The loops are being asked for their figures.
  void begin_look();
  /// They have answered, with `sum`: names the routes that were removed before the look began, have
  /// not come back since, and have no session left. They count as forgotten.
  std::vector<std::string> take_over(const observe::MetricsTable& sum);

  /// Whether it is served, or removed and not over.
  [[nodiscard]] bool is_known(const std::string& route) const {
    return served_.contains(route) || removed_.contains(route);
  }
  [[nodiscard]] bool empty() const { return removed_.empty(); }

 private:
  std::set<std::string> served_;
  std::set<std::string> removed_;
  std::set<std::string> looked_at_;  // those of `removed_` that the look is about
};

}  // namespace spillway::server
