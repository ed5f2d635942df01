#include "transport/listening_socket.hpp"
#include "transport/permit.hpp"
#include "transport/poller.hpp"
#include "transport/socket.hpp"
#include "transport/socket_transport.hpp"
#include "transport/system_address.hpp"

#include <spillway/event_loop.hpp>
#include <spillway/listener.hpp>
#include <spillway/scheduler.hpp>

#include <boost/throw_exception.hpp>

#include <sys/socket.h>

#include <algorithm>
#include <cerrno>
#include <stdexcept>
#include <utility>

namespace spillway {

namespace {

using boost::system::error_code;

// New connections taken per wake-up, so that a rush of them does not keep the others waiting.
constexpr int accepts_in_a_row = 16;

enum class AcceptFailure { nobody_waits, next_one, out_of_resources };

AcceptFailure kind_of(int error) {
  switch (error) {
    case EAGAIN:
      return AcceptFailure::nobody_waits;
    // accept(2): what went wrong on the way of this one connection. The next may be fine.
    case EINTR:
    case ECONNABORTED:
    case EPROTO:
    case EPERM:
    case ENETDOWN:
    case ENOPROTOOPT:
    case EHOSTDOWN:
    case ENONET:
    case EHOSTUNREACH:
    case EOPNOTSUPP:
    case ENETUNREACH:
      return AcceptFailure::next_one;
    // Anything unknown counts as lasting: a pause is better than a loop that spins on it.
    default:
      return AcceptFailure::out_of_resources;
  }
}

}  // namespace

/// Outlives the listener to the end of the turn, because the listener may be destroyed inside its
/// own events.
class Listener::Impl final : public Retired, private Pollable {
 public:
  Impl(EventLoop& loop, ListeningSocket socket, ListenerEvents& events, ListenerOptions options);

  error_code open();
  void accept_waiting();
  void close();
  void set_socket_options(const SocketOptions& options);
  [[nodiscard]] EventLoop& loop() const { return loop_; }
  [[nodiscard]] const Address& address() const { return address_; }
  [[nodiscard]] std::size_t connections() const { return permits_->out(); }

 private:
  enum class State { accepting, pausing, full, closed };

  [[nodiscard]] const Descriptor& descriptor() const { return socket_.impl().descriptor(); }
  void on_poll(Readiness readiness) override;
  void accept(int at_most);
  /// True if it makes sense to go on at once.
  bool accept_one();
  bool adopt(ConnectedSocket socket);
  [[nodiscard]] Duration first_pause() const {
    // Without any pause a lasting failure would spin the loop.
    return std::max<Duration>(options_.accept_backoff, std::chrono::milliseconds(1));
  }
  void pause(const error_code& error);
  void stop_at_limit();
  void go_on();
  void on_permit_returned();

  EventLoop& loop_;
  ListeningSocket socket_;
  const Address address_;
  ListenerEvents& events_;
  ListenerOptions options_;
  State state_ = State::closed;
  Duration next_pause_;
  Timer resume_;
  std::shared_ptr<PermitCount> permits_;
};

Listener::Impl::Impl(EventLoop& loop, ListeningSocket socket, ListenerEvents& events,
                     ListenerOptions options)
    : loop_(loop),
      socket_(std::move(socket)),
      address_(socket_.impl().address()),
      events_(events),
      options_(options),
      next_pause_(first_pause()),
      resume_(loop, [this] { go_on(); }),
      permits_(std::make_shared<PermitCount>(options.max_connections,
                                             [this] { on_permit_returned(); })) {}

error_code Listener::Impl::open() {
  if (const auto error = loop_.poller().add(descriptor(), {.readable = true}, *this)) {
    return error;
  }
  state_ = State::accepting;
  // A socket that somebody else opened does not have them.
  set_socket_options(options_.socket);
  return {};
}

// Sockets of TCP have them from the one that they were accepted from.
void Listener::Impl::set_socket_options(const SocketOptions& options) {
  options_.socket = options;
  if (state_ != State::closed) apply(options, descriptor(), address_.family());
}

void Listener::Impl::close() {
  if (state_ == State::closed) return;
  state_ = State::closed;
  permits_->disown();
  resume_.cancel();
  loop_.poller().remove(descriptor(), *this);
  socket_.impl().close();
}

void Listener::Impl::accept_waiting() { accept(std::max(options_.backlog, 1)); }

void Listener::Impl::on_poll(Readiness) { accept(accepts_in_a_row); }

void Listener::Impl::accept(int at_most) {
  for (int i = 0; i < at_most && state_ == State::accepting; ++i) {
    if (!accept_one()) return;
  }
}

bool Listener::Impl::accept_one() {
  sockaddr_storage raw{};
  socklen_t size = sizeof(raw);
  Descriptor accepted(::accept4(descriptor().get(), reinterpret_cast<sockaddr*>(&raw), &size,
                                SOCK_NONBLOCK | SOCK_CLOEXEC));
  if (!accepted) {
    const error_code error = last_error();
    const AcceptFailure kind = kind_of(error.value());
    if (kind == AcceptFailure::out_of_resources) pause(error);
    return kind == AcceptFailure::next_one;
  }
  if (!accepted.is_within(options_.max_descriptors)) {
    make_close_reset(accepted);
    accepted.reset();
    pause({EMFILE, boost::system::system_category()});
    return false;
  }
  const bool is_unix = address_.family() == Address::Family::unix_domain;
  const Address local = is_unix ? address_ : bound_address(accepted);
  Address peer = to_address(reinterpret_cast<const sockaddr*>(&raw), size);
  // Clients of a unix socket seldom have a name; the path tells people more than nothing.
  if (is_unnamed(peer)) peer = local;
  if (is_unix) apply(options_.socket, accepted, address_.family());
  return adopt({std::move(accepted), local, peer});
}

bool Listener::Impl::adopt(ConnectedSocket socket) {
  auto transport = SocketTransport::make(loop_.poller(), std::move(socket), Permit(permits_));
  if (!transport) {
    pause(transport.error());
    return false;
  }
  next_pause_ = first_pause();
  events_.on_accepted(std::move(*transport));
  if (state_ == State::accepting && permits_->exhausted()) stop_at_limit();
  return true;
}

void Listener::Impl::pause(const error_code& error) {
  const Duration length = next_pause_;
  next_pause_ = std::max(std::min(next_pause_ * 2, options_.accept_backoff_max), first_pause());
  state_ = State::pausing;
  loop_.poller().change(descriptor(), {}, *this);
  resume_.expires_after(length);
  events_.on_accept_error(error, length);
}

void Listener::Impl::stop_at_limit() {
  state_ = State::full;
  loop_.poller().change(descriptor(), {}, *this);
  events_.on_connection_limit();
}

void Listener::Impl::go_on() {
  state_ = State::accepting;
  loop_.poller().change(descriptor(), {.readable = true}, *this);
}

void Listener::Impl::on_permit_returned() {
  if (state_ == State::full) go_on();
}

boost::system::result<Listener, ListenError> Listener::listen(EventLoop& loop,
                                                              const Endpoint& endpoint,
                                                              ListenerEvents& events,
                                                              ListenerOptions options) {
  auto socket = ListeningSocket::open(endpoint, options);
  if (!socket) return socket.error();
  return listen(loop, *std::move(socket), events, options);
}

boost::system::result<Listener, ListenError> Listener::listen(EventLoop& loop,
                                                              ListeningSocket socket,
                                                              ListenerEvents& events,
                                                              ListenerOptions options) {
  auto impl = std::make_unique<Impl>(loop, std::move(socket), events, options);
  if (const error_code error = impl->open()) {
    return ListenError{"cannot listen on " + impl->address().to_string() + ": " + error.message(),
                       error};
  }
  return Listener(std::move(impl));
}

Listener::Listener(std::unique_ptr<Impl> impl) : impl_(std::move(impl)) {}

Listener::~Listener() {
  if (!impl_) return;
  impl_->close();
  EventLoop& loop = impl_->loop();
  loop.retire(std::move(impl_));
}

Listener::Listener(Listener&&) noexcept = default;

Listener& Listener::operator=(Listener&& other) noexcept {
  // What was held here goes with the local.
  Listener old(std::move(*this));
  impl_ = std::move(other.impl_);
  return *this;
}

std::string Listener::local_address() const {
  return impl_ ? impl_->address().to_string() : std::string();
}

std::uint16_t Listener::port() const {
  return impl_ ? port_of(impl_->address()) : std::uint16_t{0};
}

std::size_t Listener::connections() const { return impl_ ? impl_->connections() : 0; }

void Listener::set_socket_options(const SocketOptions& options) {
  if (impl_) impl_->set_socket_options(options);
}

void Listener::accept_waiting() {
  if (impl_) impl_->accept_waiting();
}

void Listener::close() {
  if (impl_) impl_->close();
}

void throw_exception_from_error(const ListenError& error, const boost::source_location& where) {
  boost::throw_exception(std::runtime_error(error.message), where);
}

}  // namespace spillway
