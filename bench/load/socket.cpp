#include "bench/load/socket.hpp"

#include "bench/load/failure.hpp"

#include <netinet/tcp.h>
#include <sys/socket.h>

namespace load {

namespace {

void turn_on(const Descriptor& socket, int level, int option) {
  const int on = 1;
  if (setsockopt(socket.number(), level, option, &on, sizeof on) != 0) {
    throw Failure(with_errno("setsockopt"));
  }
}

Descriptor tcp_socket() {
  Descriptor result(::socket(AF_INET, SOCK_STREAM | SOCK_NONBLOCK | SOCK_CLOEXEC, 0));
  if (result.number() < 0) throw Failure(with_errno("socket"));
  turn_on(result, IPPROTO_TCP, TCP_NODELAY);  // accepted sockets have it from their listener
  return result;
}

std::size_t received(ssize_t result) {
  if (result > 0) return static_cast<std::size_t>(result);
  if (result == 0) throw ConnectionLost("the proxy closed it");
  if (errno == EAGAIN) return 0;
  throw ConnectionLost(with_errno("recv"));
}

}  // namespace

Descriptor listen_on(const Address& address) {
  Descriptor result = tcp_socket();
  turn_on(result, SOL_SOCKET, SO_REUSEADDR);
  if (bind(result.number(), address.get(), address.size()) != 0 ||
      listen(result.number(), SOMAXCONN) != 0) {
    throw Failure(with_errno("cannot listen on " + address.text()));
  }
  return result;
}

std::optional<Descriptor> accept_from(const Descriptor& listener) {
  const int number = accept4(listener.number(), nullptr, nullptr, SOCK_NONBLOCK | SOCK_CLOEXEC);
  if (number >= 0) return Descriptor(number);
  if (errno == EAGAIN || errno == ECONNABORTED) return std::nullopt;
  throw Failure(with_errno("accept"));
}

Descriptor connect_to(const Address& address) {
  Descriptor result = tcp_socket();
  if (connect(result.number(), address.get(), address.size()) != 0 && errno != EINPROGRESS) {
    throw ConnectionLost(with_errno("connect"));
  }
  return result;
}

std::size_t receive(const Descriptor& socket, std::span<std::byte> space) {
  return received(recv(socket.number(), space.data(), space.size(), 0));
}

std::size_t discard(const Descriptor& socket, std::size_t most) {
  return received(recv(socket.number(), nullptr, most, MSG_TRUNC));
}

std::size_t send(const Descriptor& socket, Bytes bytes) {
  const ssize_t sent = ::send(socket.number(), bytes.data(), bytes.size(), MSG_NOSIGNAL);
  if (sent >= 0) return static_cast<std::size_t>(sent);
  if (errno == EAGAIN) return 0;
  if (errno == ECONNREFUSED)
    throw ConnectionLost("connection refused; does the proxy listen there?");
  throw ConnectionLost(with_errno("send"));
}

}  // namespace load
