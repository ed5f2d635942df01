// Why a connection ended, or never started.
#pragma once

#include <boost/system/error_code.hpp>

#include <cstdint>
#include <string>
#include <string_view>

namespace spillway {

/// Why an open connection ended.
enum class CloseReason {
  /// `close()`, and the peer ended too: everything accepted is with the operating system, and the
  /// peer sent nothing after its end. What came after `close()` was discarded.
  closed,
  /// `close()`, but the peer did not end, or did not take what was pending, within the linger
  /// timeout.
  linger_timeout,
  /// `hard_close()` by the application.
  hard_closed,
  /// The peer reset the connection, or it was found broken while writing.
  reset,
  /// The operating system gave up on the peer (TCP user timeout, keepalive), or a handshake that
  /// began on the open connection (`start_tls`) took too long: `detail` says so then.
  timed_out,
  /// The stream ended without the layer's goodbye (TLS: no close_notify): data may be missing.
  truncated,
  /// A layer failed: a broken record, a bad MAC, an alert. `detail` has its words.
  layer_failed,
  /// Any other error of the operating system.
  io_error,
};

std::string_view to_string(CloseReason reason);

/// What `on_closed` is told.
struct Closed {
  CloseReason reason;
  /// Sends with an id up to this one got their `on_sent`; all greater ones never will (SC-16). 0
  /// if none did.
  std::uint64_t last_sent_id = 0;
  /// The system's error, where there is one.
  boost::system::error_code error;
  /// The layer's words, where there are any.
  std::string detail;
};

/// Why a connection never started.
enum class FailureReason {
  /// The name did not resolve. Check the name; the resolver's words are in `detail`.
  resolve_failed,
  /// Nobody listens there; for a unix path also: there is none.
  refused,
  /// No route to the host or network, or the address family is not available.
  unreachable,
  /// The connect deadline passed.
  connect_timeout,
  /// The layers were not ready in time (TLS handshake too slow), or the operating system gave up on
  /// the peer meanwhile.
  handshake_timeout,
  /// The peer ended the stream before the layers were ready.
  peer_ended,
  /// The peer reset the connection before the layers were ready.
  reset,
  /// A layer failed (TLS handshake refused, garbage instead of a ClientHello). `detail` has its
  /// words.
  layer_failed,
  /// The application closed the connection before it started.
  cancelled,
  /// Any other error of the operating system.
  io_error,
};

std::string_view to_string(FailureReason reason);

/// What `on_connection_failure` and `on_start_failure` are told.
struct Failure {
  FailureReason reason;
  boost::system::error_code error;
  std::string detail;
};

}  // namespace spillway
