// Options of stream sockets, for listeners and connectors.
#pragma once

#include <chrono>
#include <cstddef>

namespace spillway {

/// Applied to every connected socket, as far as its kind has them.
struct SocketOptions {
  /// Sends small writes at once (TCP_NODELAY).
  bool no_delay = true;
  /// Bytes that the system may hold unsent before the socket stops being writeable
  /// (TCP_NOTSENT_LOWAT). 0 = the system's default.
  std::size_t notsent_lowat = 0;
  /// The system's buffer sizes (SO_SNDBUF, SO_RCVBUF) in bytes. 0 = the system's own tuning.
  std::size_t send_buffer = 0;
  std::size_t receive_buffer = 0;
  /// How long sent bytes may stay unacknowledged before the connection is given up
  /// (TCP_USER_TIMEOUT). 0 = the system's default.
  std::chrono::milliseconds user_timeout{0};
  /// Quiet time before keepalive probes start (SO_KEEPALIVE, TCP_KEEPIDLE). 0 = no keepalive.
  std::chrono::seconds keepalive_idle{0};
};

}  // namespace spillway
