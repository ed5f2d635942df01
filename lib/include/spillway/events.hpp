// What a connection tells the application.
#pragma once

#include <spillway/bytes.hpp>
#include <spillway/close_reason.hpp>
#include <spillway/send.hpp>

namespace spillway {

/// The events that servers' and clients' connections share.
///
/// For all of them: they run on the connection's loop, never nested in each other and never inside
/// a call that the application makes (SC-13, SC-33). They come in the order of their causes, and
/// what a callback causes comes after it returns and before anything else (SC-14). Any function
/// of any connection may be called from inside: send, mute, close, hard_close, start_tls, and
/// letting go of the connection, after which nothing more comes. The receiver itself may be
/// destroyed inside a callback if it has let go of its connection first. None of them may throw:
/// nobody above could make good what was left half done.
class ConnectionEvents {
 public:
  virtual ~ConnectionEvents() = default;

  /// Bytes from the peer, in order; never empty. The view is valid until this returns: keep what
  /// you need. Not delivered while muted, after `close()`, or before the start.
  virtual void on_received(Bytes data) = 0;

  /// The send's last byte is with the operating system (SC-11, SC-12): once per accepted send, in
  /// token order. `is_writeable()` is already true if this send was what throttled.
  virtual void on_sent(SendToken) {}

  /// Bytes wait for the operating system: sends are refused with NotWriteable (during `start_tls`:
  /// NotReady) until `on_unthrottled`. A layer's protocol bytes can be the cause (SC-18).
  virtual void on_throttled() {}

  /// Nothing waits any more. Not after `close()` or `shutdown_send()`. Strictly alternates with
  /// `on_throttled`, which comes first (SC-17). It tells the state as it is: when the `on_sent`
  /// just before it sent again and filled the pipe again, the application is still throttled and
  /// hears nothing until that is over.
  virtual void on_unthrottled() {}

  /// The peer ended its sending side; everything it sent was delivered (SC-24). The connection
  /// stays writeable until `close()` or `shutdown_send()`, and stays until `close()`: call that in
  /// the end, or the connection is never over.
  virtual void on_end_of_stream() = 0;

  /// The layer that `start_tls` added is ready: sends are accepted again.
  virtual void on_tls_started() {}

  /// The last callback, exactly once, if the connection had started (SC-23). Not after it was let
  /// go.
  virtual void on_closed(const Closed& closed) = 0;
};

/// Events of a connection that the peer opened.
class ServerEvents : public ConnectionEvents {
 public:
  /// Every layer is ready: bytes flow from now on. Comes before any other event.
  virtual void on_started() {}

  /// The connection never started: a layer failed, the peer left, the deadline passed, or it was
  /// closed before. The last callback; `on_closed` does not follow (SC-23).
  virtual void on_start_failure(const Failure& failure) = 0;
};

/// Events of a connection that this side opened.
class ClientEvents : public ConnectionEvents {
 public:
  /// Connected, and every layer is ready. Comes before any other event.
  virtual void on_connected() {}

  /// The connection never started: no address answered, a layer failed, the deadline passed, or
  /// it was closed before. The last callback; `on_closed` does not follow (SC-23).
  virtual void on_connection_failure(const Failure& failure) = 0;
};

}  // namespace spillway
