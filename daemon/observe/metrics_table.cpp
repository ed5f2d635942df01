#include "daemon/observe/metrics_table.hpp"

namespace spillway::observe {

RouteMetrics& RouteMetrics::operator+=(const RouteMetrics& other) {
  sessions += other.sessions;
  sessions_opened += other.sessions_opened;
  has_upstream = has_upstream || other.has_upstream;
  to_client += other.to_client;
  to_upstream += other.to_upstream;
  return *this;
}

MetricsTable& operator+=(MetricsTable& sum, const MetricsTable& loop) {
  for (const auto& [name, route] : loop) sum[name] += route;
  return sum;
}

}  // namespace spillway::observe
