#include "transport/socket_transport.hpp"

#include "transport/socket.hpp"

#include <linux/sockios.h>
#include <sys/ioctl.h>
#include <sys/socket.h>
#include <sys/uio.h>

#include <array>
#include <cassert>
#include <cerrno>
#include <span>
#include <utility>

namespace spillway {

namespace {

// More buffers than this are rare, and cost a further call.
constexpr std::size_t max_buffers = 256;

// What a peaceful close takes from the receive queue at most: a peer that keeps sending must not
// keep the loop.
constexpr std::size_t discard_limit = 256 * 1024;
constexpr std::size_t discard_step = 16 * 1024;

bool would_block(int error) { return error == EAGAIN || error == EWOULDBLOCK; }

IoResult failure(int error) {
  if (would_block(error)) return {.status = IoStatus::would_block};
  return {.status = IoStatus::failed, .error = {error, boost::system::system_category()}};
}

template <class Call>
ssize_t uninterrupted(Call call) {
  ssize_t result = 0;
  do {
    result = call();
  } while (result < 0 && errno == EINTR);
  return result;
}

IoResult written(ssize_t sent, std::size_t offered) {
  if (sent < 0) return failure(errno);
  const auto bytes = static_cast<std::size_t>(sent);
  // A stream socket takes less than offered only when it is full: no second call to hear that.
  return {.bytes = bytes, .status = bytes < offered ? IoStatus::would_block : IoStatus::done};
}

/// A gather list for one call, of at most `max_buffers` buffers that are not empty.
class GatherList {
 public:
  explicit GatherList(BufferList buffers) {
    for (const Bytes buffer : buffers) {
      if (buffer.empty()) continue;
      if (count_ == max_buffers) break;
      // The system's type serves reads too; writes leave the bytes alone.
      entries_[count_++] = {const_cast<std::byte*>(buffer.data()), buffer.size()};
      bytes_ += buffer.size();
    }
  }

  [[nodiscard]] std::size_t bytes() const { return bytes_; }

  ssize_t send(const Descriptor& socket) {
    msghdr message{};
    message.msg_iov = entries_.data();
    message.msg_iovlen = count_;
    return uninterrupted(
        [&] { return ::sendmsg(socket.get(), &message, MSG_NOSIGNAL | MSG_DONTWAIT); });
  }

 private:
  std::array<iovec, max_buffers> entries_;
  std::size_t count_ = 0;
  std::size_t bytes_ = 0;
};

}  // namespace

boost::system::result<std::unique_ptr<SocketTransport>> SocketTransport::make(
    Poller& poller, ConnectedSocket socket, Permit permit) {
  std::unique_ptr<SocketTransport> transport(
      new SocketTransport(poller, std::move(socket), std::move(permit)));
  // Now, where a failure can be told, rather than at the first watch().
  if (const auto error = poller.add(transport->socket_, transport->registered_, *transport)) {
    transport->socket_.reset();
    return error;
  }
  return transport;
}

std::unique_ptr<SocketTransport> SocketTransport::take_over(Poller& poller, ConnectedSocket socket,
                                                            Pollable& from) {
  std::unique_ptr<SocketTransport> transport(new SocketTransport(poller, std::move(socket), {}));
  poller.hand_over(transport->socket_, transport->registered_, from, *transport);
  return transport;
}

SocketTransport::SocketTransport(Poller& poller, ConnectedSocket socket, Permit permit)
    : permit_(std::move(permit)),
      poller_(poller),
      ends_(std::move(socket.local), std::move(socket.peer)),
      socket_(std::move(socket.descriptor)) {}

SocketTransport::~SocketTransport() { abort(); }

void SocketTransport::attach(TransportObserver& observer) {
  assert(observer_ == nullptr);
  observer_ = &observer;
}

void SocketTransport::watch(Interest interest) {
  if (!socket_) return;
  // With nothing wanted a failure is reported once, and that may have been before anybody listened.
  const bool may_be_told_already = !is_watched_ && interest == Interest{};
  is_watched_ = true;
  if (registered_ == interest && !may_be_told_already) return;
  registered_ = interest;
  poller_.change(socket_, interest, *this);
}

void SocketTransport::on_poll(Readiness readiness) {
  if (!is_watched_) {
    // Nobody listens yet; the first watch() makes the poller report again.
    if (registered_ == Interest{}) return;
    registered_ = {};
    return poller_.change(socket_, registered_, *this);
  }
  // What was found before the interest changed is filtered out. A failure is found by reading too,
  // behind the data that came before it.
  const Readiness wanted{
      .readable = registered_.readable && (readiness.readable || readiness.failed),
      .writeable = registered_.writeable && readiness.writeable,
      .failed = readiness.failed};
  if (wanted.readable || wanted.writeable || wanted.failed) observer_->on_ready(wanted);
}

// Of the observer it is the first lines, by how connections are laid out.
void SocketTransport::foresee() const {
  if (observer_ == nullptr) return;
  constexpr std::size_t line = 64;
  const auto* first = reinterpret_cast<const std::byte*>(observer_);
  for (std::size_t offset = 0; offset < 4 * line; offset += line)
    __builtin_prefetch(first + offset);
}

IoResult SocketTransport::read(std::span<std::byte> into) {
  assert(socket_ && !into.empty());
  const ssize_t got =
      uninterrupted([&] { return ::recv(socket_.get(), into.data(), into.size(), MSG_DONTWAIT); });
  if (got < 0) return failure(errno);
  if (got == 0) {
    at_end_ = true;
    return {.status = IoStatus::end_of_stream};
  }
  return {.bytes = static_cast<std::size_t>(got)};
}

IoResult SocketTransport::write(BufferList buffers) {
  assert(socket_);
  if (buffers.size() == 1) return write_one(buffers.front());
  GatherList list(buffers);
  if (list.bytes() == 0) return {};
  return written(list.send(socket_), list.bytes());
}

// Most writes are of one buffer, and need no list of buffers in the system either.
IoResult SocketTransport::write_one(Bytes buffer) {
  if (buffer.empty()) return {};
  const ssize_t sent = uninterrupted([&] {
    return ::send(socket_.get(), buffer.data(), buffer.size(), MSG_NOSIGNAL | MSG_DONTWAIT);
  });
  return written(sent, buffer.size());
}

std::size_t SocketTransport::unacknowledged_bytes() const {
  int bytes = 0;
  if (!socket_ || ::ioctl(socket_.get(), SIOCOUTQ, &bytes) != 0) return 0;
  return static_cast<std::size_t>(bytes);
}

boost::system::error_code SocketTransport::take_error() {
  if (!socket_) return {};
  return take_socket_error(socket_);
}

void SocketTransport::shutdown_send() { ::shutdown(socket_.get(), SHUT_WR); }

void SocketTransport::close() noexcept {
  if (!socket_) return;
  // Linux answers a close over unread data with a reset, which would destroy what is still on its
  // way to the peer (a TLS alert, an answer's end).
  discard_unread();
  release();
}

void SocketTransport::abort() noexcept {
  if (!socket_) return;
  make_close_reset(socket_);
  release();
}

void SocketTransport::discard_unread() noexcept {
  if (at_end_) return;
  std::array<std::byte, discard_step> room;
  for (std::size_t discarded = 0; discarded < discard_limit;) {
    const ssize_t got = ::recv(socket_.get(), room.data(), room.size(), MSG_DONTWAIT);
    if (got <= 0) return;
    discarded += static_cast<std::size_t>(got);
  }
}

void SocketTransport::release() noexcept {
  poller_.remove(socket_, *this);
  socket_.reset();
}

std::string SocketTransport::local_address() const { return ends_.local().to_string(); }

std::string SocketTransport::peer_address() const { return ends_.peer().to_string(); }

}  // namespace spillway
