#include "bench/load/backend_connection.hpp"

#include "bench/load/failure.hpp"
#include "bench/load/greeting.hpp"
#include "bench/load/socket.hpp"

#include <array>

namespace load {

namespace {

constexpr std::size_t bulk_size = 16 * 1024;  // whoever sends so much at once wants no prompt turns

}  // namespace

BackendConnection::BackendConnection(EventLoop& loop, SharedBuffers& buffers,
                                     const Pattern& pattern, Descriptor socket, std::size_t number,
                                     std::function<void()> destroy)
    : loop_(loop),
      buffers_(buffers),
      pattern_(pattern),
      socket_(std::move(socket)),
      destroy_(std::move(destroy)),
      start_(pattern.start_of(number)),
      position_(start_) {
  loop_.add(socket_, urgency_, watched_, *this);
}

void BackendConnection::on_ready(std::uint32_t events) {
  try {
    turn(events);
  } catch (const ConnectionLost&) {
    const auto destroy = std::move(destroy_);
    destroy();
  }
}

void BackendConnection::turn(std::uint32_t events) {
  Bytes bytes;
  if ((events & ~std::uint32_t{EPOLLOUT}) != 0) {
    bytes = Bytes(buffers_.received).first(receive(socket_, buffers_.received));
  }
  if (phase_ == Phase::choosing && !bytes.empty()) choose(bytes);
  switch (phase_) {
    case Phase::choosing:
      break;
    case Phase::echoing: {
      outbox_.send(socket_, bytes);
      const bool bulk = urgency_ == Urgency::bulk || bytes.size() >= bulk_size;
      watch(bulk ? Urgency::bulk : Urgency::prompt, outbox_.empty() ? EPOLLIN : EPOLLOUT);
      break;
    }
    case Phase::sending:
      if ((events & EPOLLOUT) != 0)
        position_ += send(socket_, pattern_.at(position_, Pattern::most));
      break;
  }
}

void BackendConnection::choose(Bytes bytes) {
  if (bytes[0] == std::byte{'e'}) {
    phase_ = Phase::echoing;
  } else if (bytes[0] == std::byte{'d'}) {
    const std::array start{static_cast<std::byte>(start_ >> 8), static_cast<std::byte>(start_)};
    const Greeting answer(bytes[0], pattern_);
    outbox_.send(socket_, answer.bytes());  // fits, as what follows: they are the first
    outbox_.send(socket_, start);
    phase_ = Phase::sending;
    watch(Urgency::bulk, EPOLLIN | EPOLLOUT);
  } else {
    throw Failure("the backend was sent a first byte that no client sends: " +
                  std::to_string(std::to_integer<int>(bytes[0])));
  }
}

void BackendConnection::watch(Urgency urgency, std::uint32_t events) {
  if (urgency != urgency_) {
    loop_.move(socket_, urgency, events, *this);
  } else if (events != watched_) {
    loop_.change(socket_, urgency, events, *this);
  }
  urgency_ = urgency;
  watched_ = events;
}

}  // namespace load
