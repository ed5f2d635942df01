// The figures of all routes.
#pragma once

#include "daemon/observe/connect_failures.hpp"
#include "daemon/observe/flow.hpp"

#include <cstdint>
#include <map>
#include <string>

namespace spillway::observe {

/// How the handshakes of a route's clients ended.
struct HandshakeCounters {
  struct Done {
    std::uint64_t full = 0;
    std::uint64_t resumed = 0;
    bool operator==(const Done&) const = default;
  };
  Done tls_1_2{};
  Done tls_1_3{};
  std::uint64_t failed = 0;
  std::uint64_t timed_out = 0;
  std::uint64_t unheard = 0;  // the client left without a word

  HandshakeCounters& operator+=(const HandshakeCounters& other);
  bool operator==(const HandshakeCounters&) const = default;
};

/// Clients turned away, by the limit that they met.
struct RefusedClients {
  std::uint64_t by_process = 0;
  std::uint64_t by_route = 0;

  RefusedClients& operator+=(const RefusedClients& other);
};

struct RouteMetrics {
  std::uint64_t sessions = 0;         // now
  std::uint64_t sessions_opened = 0;  // ever
  RefusedClients refused;
  HandshakeCounters handshakes;
  ConnectFailures connect_failures;
  bool has_upstream = false;  // an echo route has no direction to_upstream
  FlowMetrics to_client;
  FlowMetrics to_upstream;

  RouteMetrics& operator+=(const RouteMetrics& other);
};

/// By the route's name. References to its entries stay valid as others are added.
using MetricsTable = std::map<std::string, RouteMetrics>;

/// Adds a loop's table to a sum.
MetricsTable& operator+=(MetricsTable& sum, const MetricsTable& loop);

}  // namespace spillway::observe
