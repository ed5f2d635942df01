// The figures of all routes.
#pragma once

#include "daemon/observe/flow.hpp"

#include <cstdint>
#include <map>
#include <string>

namespace spillway::observe {

struct RouteMetrics {
  std::uint64_t sessions = 0;         // now
  std::uint64_t sessions_opened = 0;  // ever
  bool has_upstream = false;          // an echo route has no direction to_upstream
  FlowMetrics to_client;
  FlowMetrics to_upstream;

  RouteMetrics& operator+=(const RouteMetrics& other);
};

/// By the route's name. References to its entries stay valid as others are added.
using MetricsTable = std::map<std::string, RouteMetrics>;

/// Adds a loop's table to a sum.
MetricsTable& operator+=(MetricsTable& sum, const MetricsTable& loop);

}  // namespace spillway::observe
