// Accepts connections on one address.
#pragma once

#include <spillway/clock.hpp>
#include <spillway/endpoint.hpp>
#include <spillway/socket_options.hpp>
#include <spillway/transport.hpp>

#include <boost/system/error_code.hpp>
#include <boost/system/result.hpp>

#include <chrono>
#include <cstddef>
#include <memory>
#include <string>

namespace spillway {

class EventLoop;
class ListeningSocket;

struct ListenerOptions {
  /// Connections that the system may hold before they are accepted.
  int backlog = 4096;
  /// Several loops listen on the same address, each with its own queue (SO_REUSEPORT).
  bool reuse_port = false;
  /// Accepted transports alive at a time; at the limit accepting stops, and goes on when one is
  /// gone. Waiting connections stay with the system. 0 = no limit.
  std::size_t max_connections = 0;
  /// Descriptors that the process may have with an accepted one: where there are as many already,
  /// it fails as if the system had no more (EMFILE), and the client is reset. The rest of what the
  /// system allows stays for other things. 0 = no bound but the system's.
  std::size_t max_descriptors = 0;
  /// Pause after an accept that failed for want of resources (descriptors, memory); doubles up to
  /// the second value while it keeps failing.
  Duration accept_backoff = std::chrono::milliseconds(5);
  Duration accept_backoff_max = std::chrono::seconds(1);
  /// For every accepted socket.
  SocketOptions socket = {};
};

class ListenerEvents {
 public:
  virtual ~ListenerEvents() = default;

  /// A connection came. The listener never touches the transport again; it counts toward
  /// `max_connections` until it is destroyed.
  virtual void on_accepted(std::unique_ptr<Transport> transport) = 0;

  /// Accepting failed for want of resources and goes on after `pause`. Told once per pause.
  virtual void on_accept_error(const boost::system::error_code& error, Duration pause) {
    (void)error;
    (void)pause;
  }

  /// `max_connections` is reached: accepting stops. Told once per episode.
  virtual void on_connection_limit() {}
};

struct ListenError {
  /// What failed and with what, in words: "cannot listen on 127.0.0.1:7007: Address already in
  /// use".
  std::string message;
  boost::system::error_code error;
};

/// Owns one listening socket on one loop. All for the loop's thread. Destroying it closes the
/// socket (a unix path that it made is removed); accepted transports live on. May be closed or
/// destroyed inside its events.
class Listener {
 public:
  /// Listens at once. A host name must be a literal address or resolve to one locally
  /// ("localhost"). A unix path that a dead process left behind is replaced; a live one is an
  /// error. `loop` and `events` outlive the listener.
  static boost::system::result<Listener, ListenError> listen(EventLoop& loop,
                                                             const Endpoint& endpoint,
                                                             ListenerEvents& events,
                                                             ListenerOptions options = {});
  /// The same from a socket that listens already; of the options, `backlog` and `reuse_port` are
  /// not used.
  static boost::system::result<Listener, ListenError> listen(EventLoop& loop,
                                                             ListeningSocket socket,
                                                             ListenerEvents& events,
                                                             ListenerOptions options = {});

  ~Listener();
  Listener(Listener&&) noexcept;
  Listener& operator=(Listener&&) noexcept;

  /// The address that it really has: with port 0 asked for, the port that it got.
  [[nodiscard]] std::string local_address() const;
  /// The port of `local_address`; 0 for a unix path.
  [[nodiscard]] std::uint16_t port() const;
  /// Accepted transports that are still alive.
  [[nodiscard]] std::size_t connections() const;

  /// For the sockets that are accepted from now on.
  void set_socket_options(const SocketOptions& options);

  /// Accepts now all that have connected and wait with the system, up to `backlog`: for before a
  /// close, which resets them. Not while it pauses after an error or is at its limit.
  void accept_waiting();

  /// Stops listening for good. Idempotent.
  void close();

 private:
  class Impl;
  explicit Listener(std::unique_ptr<Impl> impl);
  std::unique_ptr<Impl> impl_;
};

[[noreturn]] void throw_exception_from_error(const ListenError& error,
                                             const boost::source_location& where);

}  // namespace spillway
