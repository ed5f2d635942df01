#include "daemon/proxy/socket_options.hpp"

#include <chrono>

namespace spillway::proxy {

namespace {

// A peer that vanished without a word is noticed, even when nothing is sent to it: the source of a
// pipe that pauses for an hour.
constexpr std::chrono::seconds keepalive_idle{60};

}  // namespace

// NotWriteable and the latency of on_sent shall speak of the peer, and not of the megabytes that
// the system's send buffer would take first. There is no TCP user timeout: Linux ends a connection
// by it whose peer answers and keeps its window closed, which is what `pause` is to wait for.
SocketOptions socket_options(const config::Route& route) {
  SocketOptions options;
  options.notsent_lowat = route.notsent_lowat;
  options.keepalive_idle = keepalive_idle;
  return options;
}

}  // namespace spillway::proxy
