#include "transport/socket.hpp"

#include "transport/system_address.hpp"

#include <netinet/in.h>
#include <netinet/tcp.h>
#include <sys/socket.h>

#include <algorithm>
#include <cerrno>
#include <climits>

namespace spillway {

namespace {

void set(const Descriptor& socket, int level, int option, int value) {
  ::setsockopt(socket.get(), level, option, &value, sizeof(value));
}

/// Options are 32-bit numbers in the system; a larger wish means "as much as there is".
template <typename Wide>
int clamped(Wide value) {
  return static_cast<int>(std::min<Wide>(value, INT_MAX));
}

void apply_tcp(const SocketOptions& options, const Descriptor& socket) {
  if (options.no_delay) set(socket, IPPROTO_TCP, TCP_NODELAY, 1);
  // Also when it is 0: a listener's socket may have had another value before.
  set(socket, IPPROTO_TCP, TCP_NOTSENT_LOWAT, clamped(options.notsent_lowat));
  if (options.user_timeout.count() > 0) {
    set(socket, IPPROTO_TCP, TCP_USER_TIMEOUT, clamped(options.user_timeout.count()));
  }
  if (options.keepalive_idle.count() > 0) {
    set(socket, SOL_SOCKET, SO_KEEPALIVE, 1);
    set(socket, IPPROTO_TCP, TCP_KEEPIDLE, clamped(options.keepalive_idle.count()));
  }
}

}  // namespace

boost::system::error_code last_error() { return {errno, boost::system::system_category()}; }

boost::system::result<Descriptor> open_socket(Address::Family family) {
  Descriptor socket(::socket(system_family(family), SOCK_STREAM | SOCK_NONBLOCK | SOCK_CLOEXEC, 0));
  if (!socket) return last_error();
  return socket;
}

void apply(const SocketOptions& options, const Descriptor& socket, Address::Family family) {
  if (options.send_buffer > 0) set(socket, SOL_SOCKET, SO_SNDBUF, clamped(options.send_buffer));
  if (options.receive_buffer > 0) {
    set(socket, SOL_SOCKET, SO_RCVBUF, clamped(options.receive_buffer));
  }
  if (family != Address::Family::unix_domain) apply_tcp(options, socket);
}

// No linger time at all: the reset comes at once.
void make_close_reset(const Descriptor& socket) noexcept {
  const linger immediately{.l_onoff = 1, .l_linger = 0};
  ::setsockopt(socket.get(), SOL_SOCKET, SO_LINGER, &immediately, sizeof(immediately));
}

boost::system::error_code take_socket_error(const Descriptor& socket) {
  int error = 0;
  socklen_t size = sizeof(error);
  if (::getsockopt(socket.get(), SOL_SOCKET, SO_ERROR, &error, &size) != 0) return last_error();
  return {error, boost::system::system_category()};
}

}  // namespace spillway
