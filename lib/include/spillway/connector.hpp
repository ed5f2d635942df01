// Connects to a host by name, address or path.
#pragma once

#include <spillway/clock.hpp>
#include <spillway/dial.hpp>
#include <spillway/endpoint.hpp>
#include <spillway/resolver.hpp>
#include <spillway/socket_options.hpp>

#include <chrono>
#include <cstddef>
#include <memory>

namespace spillway {

class EventLoop;

struct ConnectorOptions {
  /// For everything from the look-up to the connected transport. 0 = no limit.
  Duration connect_timeout = std::chrono::seconds(5);
  /// How long an attempt runs alone before the next address is tried beside it (RFC 8305: the
  /// connection attempt delay).
  Duration attempt_delay = std::chrono::milliseconds(250);
  /// As in ListenerOptions.
  std::size_t max_descriptors = 0;
  SocketOptions socket = {};
};

/// An attempt to connect to `target` over all of its addresses, families interleaved, the next one
/// starting when one fails or the attempt delay has passed; the first to succeed wins and the rest
/// are closed (RFC 8305). If all fail, the failure speaks of every address tried.
///
/// `loop` and `resolver` outlive the attempt. Give the result to `Connection::connect`.
std::unique_ptr<Dial> make_connector(EventLoop& loop, Resolver& resolver, Endpoint target,
                                     ConnectorOptions options = {});

}  // namespace spillway
