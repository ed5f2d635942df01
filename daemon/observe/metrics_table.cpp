#include "daemon/observe/metrics_table.hpp"

namespace spillway::observe {

HandshakeCounters& HandshakeCounters::operator+=(const HandshakeCounters& other) {
  tls_1_2.full += other.tls_1_2.full;
  tls_1_2.resumed += other.tls_1_2.resumed;
  tls_1_3.full += other.tls_1_3.full;
  tls_1_3.resumed += other.tls_1_3.resumed;
  failed += other.failed;
  timed_out += other.timed_out;
  unheard += other.unheard;
  return *this;
}

RefusedClients& RefusedClients::operator+=(const RefusedClients& other) {
  by_process += other.by_process;
  by_route += other.by_route;
  return *this;
}

RouteMetrics& RouteMetrics::operator+=(const RouteMetrics& other) {
  sessions += other.sessions;
  sessions_opened += other.sessions_opened;
  refused += other.refused;
  handshakes += other.handshakes;
  connect_failures += other.connect_failures;
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
