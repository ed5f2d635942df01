// Where sessions come in.
#pragma once

#include "daemon/observe/metrics_table.hpp"
#include "daemon/overflow/lane.hpp"
#include "daemon/proxy/route.hpp"

#include <memory>
#include <string>
#include <utility>

namespace spillway::proxy {

class SessionOwner;
struct SessionContext;

/// What the sessions of one listener on one loop have in common. They share it, so that a listener
/// may go before they do.
struct Entrance {
  /// Of a listener at `address`. What the references name outlives the sessions; `counted` are the
  /// route's figures on this loop.
  Entrance(const SessionContext& loop, SessionOwner& sessions, std::shared_ptr<const Route> of,
           std::shared_ptr<observe::RouteMetrics> counted, std::string address);
  Entrance(const Entrance&) = delete;
  Entrance& operator=(const Entrance&) = delete;

  const SessionContext& context;
  SessionOwner& owner;
  std::shared_ptr<const Route> route;
  std::shared_ptr<observe::RouteMetrics> figures;
  observe::RouteMetrics& metrics;
  /// The listener's address.
  std::string listen;
  overflow::Lane to_client;
  overflow::Lane to_upstream;
};

}  // namespace spillway::proxy
