// A connection: one byte stream, the layers on it, and a send that never lies.
#pragma once

#include <spillway/bytes.hpp>
#include <spillway/clock.hpp>
#include <spillway/dial.hpp>
#include <spillway/events.hpp>
#include <spillway/interceptor.hpp>
#include <spillway/scheduler.hpp>
#include <spillway/send.hpp>
#include <spillway/transport.hpp>

#include <boost/system/result.hpp>

#include <chrono>
#include <cstddef>
#include <limits>
#include <memory>
#include <string>
#include <vector>

namespace spillway {

class ConnectionCore;

/// The layers of a connection, the one nearest to the wire first (SC-28).
using Layers = std::vector<std::unique_ptr<Interceptor>>;

struct ConnectionOptions {
  /// How long `close()` waits for pending bytes to go and for the peer's end. 0 = not at all.
  Duration linger_timeout = std::chrono::seconds(5);
  /// How long the layers may take to get ready, from the connected transport on, and again from
  /// `start_tls` on. 0 = no limit.
  Duration handshake_timeout = std::chrono::seconds(10);
  /// Bytes that one read takes at most; see Connection::limit_reads.
  std::size_t read_limit = std::numeric_limits<std::size_t>::max();
};

/// Why `start_tls` was refused. Nothing changed.
enum class StartTlsError {
  /// Not open (not started, closing or closed).
  NotConnected,
  /// A layer is not ready yet.
  NotReady,
  /// Bytes wait to be sent: wait for `on_unthrottled`.
  NotWriteable,
  /// Received bytes are held back by `mute()` or about to be delivered: they came before the
  /// handshake (SC-31).
  UndeliveredBytes,
};

std::string_view to_string(StartTlsError error);

/// Owns one connection. Destroying it, or assigning another, lets the connection go: no callback
/// follows, and before `on_closed` that aborts it, pending bytes and a `close()` under way included
/// (the peer sees a reset). All of it may happen inside any of the connection's callbacks.
///
/// Every function is for the loop's thread. The clauses (SC-n) are in docs/send-contract.md.
class Connection {
 public:
  /// Holds nothing. Every question answers as on a closed connection.
  Connection();
  ~Connection();
  Connection(Connection&&) noexcept;
  Connection& operator=(Connection&&) noexcept;

  /// Takes over a transport that a listener accepted. `events` and `scheduler` outlive the
  /// connection. Reading starts at once; `on_started` or `on_start_failure` comes in a later turn.
  static Connection server(Scheduler& scheduler, std::unique_ptr<Transport> transport,
                           Layers layers, ServerEvents& events, ConnectionOptions options = {});

  /// Takes over a connected transport as the client's side: `on_connected` or
  /// `on_connection_failure` comes in a later turn.
  static Connection client(Scheduler& scheduler, std::unique_ptr<Transport> transport,
                           Layers layers, ClientEvents& events, ConnectionOptions options = {});

  /// Starts `dial` and goes on as `client` with the transport that it yields.
  static Connection connect(Scheduler& scheduler, std::unique_ptr<Dial> dial, Layers layers,
                            ClientEvents& events, ConnectionOptions options = {});

  /// Sends the bytes: a token, or an error and nothing happened (SC-1 to SC-5). What the operating
  /// system takes goes out before this returns; the rest is copied, and the connection is
  /// throttled until it is gone (SC-8). The buffers are never referenced afterwards. Empty sends
  /// are accepted and complete (SC-7). A write error makes it NotConnected (SC-26).
  SendResult send(Bytes data);
  /// The same for several buffers, as one gather write.
  SendResult send(BufferList buffers);

  /// True exactly when a `send()` made now would be accepted. No system call (SC-10).
  [[nodiscard]] bool is_writeable() const;

  /// Bytes that were accepted but that the operating system has not taken, as they go on the wire
  /// (with TLS: ciphertext), layers' protocol bytes included.
  [[nodiscard]] std::size_t pending_bytes() const;

  /// Bytes that the peer's system has not acknowledged: pending_bytes() and what the operating
  /// system took and still keeps for the peer. Between two sends it shrinks as the peer takes
  /// bytes, which `on_sent` does not tell of a peer that takes few (on unix sockets in steps of
  /// tens of KiB). One system call.
  [[nodiscard]] std::size_t unacknowledged_bytes() const;

  /// Stops deliveries at once, of what was already read too (SC-20). The peer is stopped by TCP's
  /// flow control. Before the start, the handshake goes on all the same. A loss is noticed, and
  /// takes with it what is held or unread.
  void mute();
  /// Delivers what was held, in a later turn, and reads on.
  void unmute();
  [[nodiscard]] bool is_muted() const;

  /// From the next read on at most `bytes` are taken from the system at a time, which bounds what a
  /// receiver may have to keep of one delivery (with TLS the rest of a record that came before may
  /// be added). No read takes more than the loop's buffer holds, some hundred KiB, nor less than 1.
  void limit_reads(std::size_t bytes);

  /// Ends the sending side: pending bytes, the layers' goodbye, FIN. Sends are NotConnected from
  /// now on, and a throttle that lasts ends in silence; receiving goes on without a time limit
  /// until the peer's end and `close()`. Before the start it cancels, as `close()` does.
  void shutdown_send();

  /// As `shutdown_send()`, and done with receiving too: what still comes is discarded. Waits for
  /// the peer's end up to the linger timeout, then `on_closed` (SC-21). Before the start it
  /// cancels: the failure callback follows.
  void close();

  /// Drops what is pending and resets the connection at once; `on_closed` follows in a later turn
  /// (SC-22).
  void hard_close();

  /// Puts a layer on top of an open connection: the STARTTLS of mail, databases and brokers.
  /// Sends are NotReady until `on_tls_started`; a failed handshake is an `on_closed` with
  /// layer_failed, truncated (the peer left) or timed_out (handshake_timeout). Call it inside the
  /// `on_received` that had the peer's request, or while nothing received is held. What stands
  /// behind the request in the same view came in the clear, from anybody: refuse the peer then.
  boost::system::result<void, StartTlsError> start_tls(std::unique_ptr<Interceptor> layer);

  /// True from the start until `close`, `shutdown_send`, `hard_close` or the loss.
  [[nodiscard]] bool is_open() const;

  /// Addresses as text; empty before the transport is connected. Kept after the close.
  [[nodiscard]] std::string local_address() const;
  [[nodiscard]] std::string peer_address() const;

 private:
  explicit Connection(std::unique_ptr<ConnectionCore> core);
  void let_go() noexcept;

  std::unique_ptr<ConnectionCore> core_;
};

[[noreturn]] void throw_exception_from_error(StartTlsError error,
                                             const boost::source_location& where);

}  // namespace spillway
