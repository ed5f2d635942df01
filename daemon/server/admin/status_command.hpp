// `spillway status`: what a running daemon says of itself.
#pragma once

#include "daemon/server/admin/terminal_size.hpp"

#include <spillway/endpoint.hpp>

#include <functional>
#include <iosfwd>
#include <optional>

namespace spillway::server::admin {

struct StatusRequest {
  Endpoint admin;
  /// Again and again, until it is interrupted.
  bool watch = false;
  /// As the daemon tells it.
  bool json = false;
  /// The size that the output has now, if it is a terminal: there, one table takes the place of
  /// another.
  std::function<std::optional<TerminalSize>()> terminal = nullptr;
};

/// The exit code: 0 the daemon is ready, 1 it cannot be reached or is not well, 3 it is draining.
int run_status(const StatusRequest& request, std::ostream& out, std::ostream& errors);

/// Where somebody who listens on `endpoint` can be reached from this machine.
Endpoint reachable(Endpoint endpoint);

}  // namespace spillway::server::admin
