// A socket that is bound and listens.
#pragma once

#include "transport/descriptor.hpp"
#include "transport/socket_file.hpp"

#include <spillway/address.hpp>
#include <spillway/endpoint.hpp>
#include <spillway/listener.hpp>

#include <boost/system/result.hpp>

#include <optional>

namespace spillway {

/// Owns the socket and, for a unix path, the file.
class ListeningSocket {
 public:
  /// Blocks while a host name is looked up.
  static boost::system::result<ListeningSocket, ListenError> open(const Endpoint& endpoint,
                                                                  const ListenerOptions& options);

  /// Binds without listening, and lets go again. As above, without port sharing.
  static boost::system::result<void, ListenError> check_free(const Endpoint& endpoint);

  [[nodiscard]] const Descriptor& descriptor() const { return socket_; }
  /// What it is really bound to.
  [[nodiscard]] const Address& address() const { return address_; }
  [[nodiscard]] bool is_open() const { return static_cast<bool>(socket_); }
  void close();

 private:
  enum class Purpose { listen, check };

  ListeningSocket(Descriptor socket, std::optional<SocketFile> file);
  static boost::system::result<ListeningSocket, ListenError> bind(const Endpoint& endpoint,
                                                                  const ListenerOptions& options,
                                                                  Purpose purpose);

  Descriptor socket_;
  Address address_;
  std::optional<SocketFile> file_;
};

}  // namespace spillway
