// From one set of routes to the next, on one loop.
#pragma once

#include "daemon/proxy/route.hpp"

#include <spillway/listening_socket.hpp>

#include <cstdint>
#include <memory>
#include <string>
#include <vector>

namespace spillway::server {

using RoutePtr = std::shared_ptr<const proxy::Route>;

/// The same for one listener on all loops, and never used again.
using ListenerId = std::uint64_t;

/// What a loop has to do. Listeners that it does not name stay as they are.
struct Change {
  struct Open {
    ListenerId listener;
    RoutePtr route;
    ListeningSocket socket;
  };
  /// Who comes from now on is for another route, or for another state of the same one.
  struct Reroute {
    ListenerId listener;
    RoutePtr route;
  };
  /// What was to be opened and could not be taken on, for want of the system's resources.
  struct Failure {
    ListenerId listener;
    std::string route;
    std::string listen;
    /// The system's, in words.
    std::string reason;
  };

  std::vector<Open> opened;
  std::vector<Reroute> rerouted;
  std::vector<ListenerId> closed;
  /// Names of routes that are no more: their sessions drain.
  std::vector<std::string> removed;
};

}  // namespace spillway::server
