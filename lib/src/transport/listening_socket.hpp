// What a listening socket is inside.
#pragma once

#include "transport/descriptor.hpp"
#include "transport/socket_file.hpp"

#include <spillway/address.hpp>
#include <spillway/listening_socket.hpp>

#include <optional>

namespace spillway {

class ListeningSocket::Impl {
 public:
  enum class Queue { own, shared };

  /// `file`: of a unix path that was made with the socket.
  explicit Impl(Descriptor socket, Queue queue, std::optional<SocketFile> file = std::nullopt);

  [[nodiscard]] const Descriptor& descriptor() const { return socket_; }
  /// What it is really bound to.
  [[nodiscard]] const Address& address() const { return address_; }
  [[nodiscard]] Queue queue() const { return queue_; }
  void close();

 private:
  Descriptor socket_;
  Address address_;
  Queue queue_;
  std::optional<SocketFile> file_;
};

}  // namespace spillway
