#include "transport/connect_attempt.hpp"

#include "transport/socket.hpp"
#include "transport/system_address.hpp"

#include <sys/socket.h>

#include <algorithm>
#include <cerrno>
#include <utility>

namespace spillway {

using boost::system::error_code;

boost::system::result<std::unique_ptr<ConnectAttempt>> ConnectAttempt::start(
    Poller& poller, const Address& address, const ConnectorOptions& options, Owner& owner,
    std::size_t number) {
  auto socket = open_socket(address.family());
  if (!socket) return socket.error();
  if (!socket->is_within(options.max_descriptors)) {
    return error_code(EMFILE, boost::system::system_category());
  }
  // Before the connect: the size of the receive buffer decides the window scale of the SYN.
  apply(options.socket, *socket, address.family());
  const int result = ::connect(socket->get(), system_form(address), system_size(address));
  // EINTR: the connect goes on by itself, as with EINPROGRESS.
  if (result != 0 && errno != EINPROGRESS && errno != EINTR) return last_error();
  std::unique_ptr<ConnectAttempt> attempt(
      new ConnectAttempt(poller, std::move(*socket), address, owner, number));
  if (const error_code error = poller.add(attempt->socket_, {.writeable = true}, *attempt)) {
    attempt->socket_.reset();
    return error;
  }
  return attempt;
}

ConnectAttempt::ConnectAttempt(Poller& poller, Descriptor socket, const Address& address,
                               Owner& owner, std::size_t number)
    : poller_(poller),
      socket_(std::move(socket)),
      address_(address),
      owner_(owner),
      number_(number) {}

ConnectAttempt::~ConnectAttempt() {
  if (socket_) poller_.remove(socket_, *this);
}

// Each call of the owner comes last, because it may destroy this.
void ConnectAttempt::on_poll(Readiness) {
  if (const error_code error = take_socket_error(socket_)) {
    return owner_.on_attempt_failed(number_, error);
  }
  Address local = bound_address(socket_);
  if (has_met_itself(local)) {
    return owner_.on_attempt_failed(number_, {ECONNREFUSED, boost::system::system_category()});
  }
  owner_.on_attempt_connected(
      number_, SocketTransport::take_over(
                   poller_, {std::move(socket_), std::move(local), std::move(address_)}, *this));
}

// A socket whose own port is the port that it connects to meets itself (TCP's simultaneous open).
// With a local target that is down this happens sooner or later, and would then keep the port from
// its rightful listener.
bool ConnectAttempt::has_met_itself(const Address& local) const {
  return std::ranges::equal(local.raw(), address_.raw());
}

}  // namespace spillway
