// Where sessions come in.
#pragma once

#include "daemon/observe/metrics_table.hpp"
#include "daemon/proxy/route.hpp"

#include <memory>
#include <string>

namespace spillway::proxy {

/// What the sessions of one listener on one loop have in common. They share it, so that a listener
/// may go before they do.
struct Entrance {
  std::shared_ptr<const Route> route;
  /// The route's on this loop; outlive the sessions.
  observe::RouteMetrics& metrics;
  /// The listener's address.
  std::string listen;
};

}  // namespace spillway::proxy
