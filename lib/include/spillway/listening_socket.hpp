// A socket that is bound and listens, before anybody accepts from it.
#pragma once

#include <spillway/endpoint.hpp>
#include <spillway/listener.hpp>

#include <boost/system/result.hpp>

#include <cstdint>
#include <memory>
#include <string>

namespace spillway {

/// Owns the socket and, for a unix path that it made, the file. It belongs to no loop: made on any
/// thread, it is moved into a Listener. What connects meanwhile waits with the system.
class ListeningSocket {
 public:
  /// Listens at once; blocks while a host name is looked up, which must be a literal address or
  /// resolve to one locally ("localhost"). A unix path that a dead process left behind is replaced;
  /// a live one is an error.
  static boost::system::result<ListeningSocket, ListenError> open(
      const Endpoint& endpoint, const ListenerOptions& options = {});
  /// Another way to a socket that somebody else opened and keeps, such as a service manager: shares
  /// its queue with all the others. An error if it is no stream socket that listens. Makes it
  /// non-blocking for everybody who shares it.
  static boost::system::result<ListeningSocket, ListenError> share(int descriptor);
  /// Whether nobody else has the address, not even somebody who would share it (`reuse_port`). Does
  /// not listen, so that nobody connects to what is not there a moment later.
  static boost::system::result<void, ListenError> check_free(const Endpoint& endpoint);

  ~ListeningSocket();
  ListeningSocket(ListeningSocket&&) noexcept;
  ListeningSocket& operator=(ListeningSocket&&) noexcept;

  /// Somebody else has its queue too: what waits there need not be accepted here.
  [[nodiscard]] bool is_shared() const;
  /// The address that it really has: with port 0 asked for, the port that it got.
  [[nodiscard]] std::string local_address() const;
  /// The port of `local_address`; 0 for a unix path.
  [[nodiscard]] std::uint16_t port() const;

  class Impl;
  [[nodiscard]] Impl& impl() const { return *impl_; }

 private:
  explicit ListeningSocket(std::unique_ptr<Impl> impl);
  std::unique_ptr<Impl> impl_;
};

}  // namespace spillway
