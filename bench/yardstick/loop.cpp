#include "bench/yardstick/loop.hpp"

#include <netinet/tcp.h>
#include <sys/epoll.h>
#include <sys/socket.h>

#include <array>
#include <cerrno>
#include <cstring>
#include <system_error>

namespace yardstick {

namespace {

constexpr std::size_t read_size = 208 * 1024;
static_assert(read_size <= Tls::limit);
constexpr int accepts_per_wakeup = 32;

int must(int result, const char* call) {
  if (result < 0) throw std::system_error(errno, std::generic_category(), call);
  return result;
}

void set(int socket, int level, int option, int value) {
  must(::setsockopt(socket, level, option, &value, sizeof value), "setsockopt");
}

const sockaddr* raw(const sockaddr_in& address) {
  return reinterpret_cast<const sockaddr*>(&address);
}

Descriptor make_listener(const sockaddr_in& address) {
  Descriptor socket(must(::socket(AF_INET, SOCK_STREAM | SOCK_NONBLOCK, 0), "socket"));
  set(socket.get(), SOL_SOCKET, SO_REUSEADDR, 1);
  set(socket.get(), SOL_SOCKET, SO_REUSEPORT, 1);
  // Accepted connections inherit it.
  set(socket.get(), IPPROTO_TCP, TCP_NODELAY, 1);
  must(::bind(socket.get(), raw(address), sizeof address), "bind");
  must(::listen(socket.get(), 4096), "listen");
  return socket;
}

}  // namespace

Loop::Loop(const sockaddr_in& listen, const sockaddr_in& upstream, SSL_CTX* context)
    : upstream_(upstream),
      listener_(make_listener(listen)),
      epoll_(must(::epoll_create1(0), "epoll_create1")),
      tls_(context ? std::make_unique<Tls>(context) : nullptr),
      received_(std::make_unique_for_overwrite<char[]>(read_size)) {
  epoll_event event{.events = EPOLLIN, .data = {.ptr = nullptr}};
  must(::epoll_ctl(epoll_.get(), EPOLL_CTL_ADD, listener_.get(), &event), "epoll_ctl");
}

void Loop::run() {
  std::array<epoll_event, 256> events;
  for (;;) {
    const int count = ::epoll_wait(epoll_.get(), events.data(), events.size(), -1);
    if (count < 0 && errno != EINTR) must(count, "epoll_wait");
    for (int i = 0; i < count; ++i) {
      const epoll_event& event = events[static_cast<std::size_t>(i)];
      auto* side = static_cast<Side*>(event.data.ptr);
      if (side == nullptr) {
        accept();
      } else if (!side->relay.over) {
        handle(*side, event.events);
      }
    }
    over_.clear();
  }
}

void Loop::accept() {
  for (int i = 0; i < accepts_per_wakeup; ++i) {
    Descriptor socket(::accept4(listener_.get(), nullptr, nullptr, SOCK_NONBLOCK));
    if (!socket) {
      if (errno != EAGAIN && errno != ECONNABORTED) must(-1, "accept4");
      return;
    }
    auto* relay = new Relay;
    relay->client.socket = std::move(socket);
    watch(relay->client, EPOLL_CTL_ADD);
    if (tls_) {
      relay->ssl = tls_->accept();
    } else {
      dial(*relay);
    }
  }
}

bool Loop::dial(Relay& relay) {
  Side& side = relay.upstream;
  side.socket = Descriptor(must(::socket(AF_INET, SOCK_STREAM | SOCK_NONBLOCK, 0), "socket"));
  set(side.socket.get(), IPPROTO_TCP, TCP_NODELAY, 1);
  if (::connect(side.socket.get(), raw(upstream_), sizeof upstream_) < 0 && errno != EINPROGRESS) {
    abort(relay);
    return false;
  }
  watch(side, EPOLL_CTL_ADD);
  return true;
}

// Edge-triggered: nothing to switch off while the other side is full, or after the end.
void Loop::watch(Side& side, int operation) {
  epoll_event event{.events = EPOLLIN | EPOLLOUT | EPOLLRDHUP | EPOLLET, .data = {.ptr = &side}};
  must(::epoll_ctl(epoll_.get(), operation, side.socket.get(), &event), "epoll_ctl");
}

void Loop::handle(Side& side, std::uint32_t events) {
  if ((events & (EPOLLRDHUP | EPOLLHUP | EPOLLERR)) != 0) side.hung_up = true;
  // After the end no read will tell.
  if ((events & EPOLLERR) != 0 && side.ended) return abort(side.relay);
  if ((events & EPOLLOUT) != 0 && side.backlog.bytes) flush(side);
  if ((events & (EPOLLIN | EPOLLRDHUP | EPOLLHUP | EPOLLERR)) != 0) pump(side);
}

// One read: one that did not fill the buffer emptied the socket, unless an end is behind it.
void Loop::pump(Side& from) {
  if (from.ended || from.relay.over) return;
  from.unread = from.other.backlog.bytes != nullptr;
  if (from.unread) return;
  const ssize_t size = ::recv(from.socket.get(), received_.get(), read_size, 0);
  if (size <= 0) {
    if (size == 0 && !from.is_tls()) return end(from);
    // Under TLS it is the close_notify that ends; a FIN alone may be anybody's.
    if (size == 0 || errno != EAGAIN) abort(from.relay);
    return;
  }
  if (!pass_on(from, {received_.get(), static_cast<std::size_t>(size)})) return;
  // Now the others; what is left here is reported again.
  if (from.hung_up || size == static_cast<ssize_t>(read_size)) watch(from, EPOLL_CTL_MOD);
}

bool Loop::pass_on(Side& from, Bytes received) {
  Relay& relay = from.relay;
  if (!relay.ssl) return send(from.other, received);
  if (&from == &relay.client) return pass_on_opened(relay, received);
  const Bytes records = tls_->seal(relay.ssl.get(), received);
  if (!records.empty()) return send(relay.client, records);
  abort(relay);
  return false;
}

bool Loop::pass_on_opened(Relay& relay, Bytes received) {
  const auto [plain, status] = tls_->open(relay.ssl.get(), received);
  const Bytes output = tls_->output();
  if (!output.empty() && !send(relay.client, output)) return false;
  // Not before the handshake is done: one state less, and the same number of system calls.
  if (!relay.upstream.socket && SSL_is_init_finished(relay.ssl.get()) && !dial(relay)) return false;
  if (!plain.empty() && !send(relay.upstream, plain)) return false;
  if (status == Tls::Status::ended) end(relay.client);
  if (status == Tls::Status::failed) abort(relay);
  return status == Tls::Status::open;
}

bool Loop::send(Side& to, Bytes bytes) {
  if (!to.backlog.bytes) {
    const ssize_t sent = ::send(to.socket.get(), bytes.data(), bytes.size(), MSG_NOSIGNAL);
    if (sent < 0 && errno != EAGAIN) {
      abort(to.relay);
      return false;
    }
    if (sent > 0) bytes = bytes.subspan(static_cast<std::size_t>(sent));
  }
  if (!bytes.empty()) keep(to, bytes);
  return true;
}

void Loop::keep(Side& to, Bytes rest) {
  Backlog& backlog = to.backlog;
  const std::size_t waiting = backlog.end - backlog.begin;
  auto bytes = std::make_unique_for_overwrite<char[]>(waiting + rest.size());
  if (waiting != 0) std::memcpy(bytes.get(), backlog.bytes.get() + backlog.begin, waiting);
  std::memcpy(bytes.get() + waiting, rest.data(), rest.size());
  backlog = {std::move(bytes), 0, waiting + rest.size()};
}

void Loop::flush(Side& to) {
  Backlog& backlog = to.backlog;
  const ssize_t sent = ::send(to.socket.get(), backlog.bytes.get() + backlog.begin,
                              backlog.end - backlog.begin, MSG_NOSIGNAL);
  if (sent < 0) {
    if (errno != EAGAIN) abort(to.relay);
    return;
  }
  backlog.begin += static_cast<std::size_t>(sent);
  if (backlog.begin < backlog.end) return;
  backlog = {};
  if (to.other.ended) {
    send_end(to);
  } else if (to.other.unread) {
    pump(to.other);
  }
}

void Loop::end(Side& from) {
  from.ended = true;
  if (!from.other.socket) return abort(from.relay);
  if (!from.other.backlog.bytes) send_end(from.other);
}

void Loop::send_end(Side& to) {
  Relay& relay = to.relay;
  if (to.is_tls() && (SSL_get_shutdown(relay.ssl.get()) & SSL_SENT_SHUTDOWN) == 0) {
    if (!send(to, tls_->say_goodbye(relay.ssl.get())) || to.backlog.bytes) return;
  }
  if (to.ended && !to.other.backlog.bytes) return finish(relay);
  ::shutdown(to.socket.get(), SHUT_WR);
}

// Who speaks TLS sees from the lack of a close_notify that data is missing, TCP needs a reset.
void Loop::abort(Relay& relay) {
  const linger reset{.l_onoff = 1, .l_linger = 0};
  for (const Side* side : {&relay.client, &relay.upstream}) {
    if (side->is_tls() || !side->socket) continue;
    ::setsockopt(side->socket.get(), SOL_SOCKET, SO_LINGER, &reset, sizeof reset);
  }
  finish(relay);
}

void Loop::finish(Relay& relay) {
  relay.client.socket = Descriptor();
  relay.upstream.socket = Descriptor();
  relay.over = true;
  over_.emplace_back(&relay);
}

}  // namespace yardstick
