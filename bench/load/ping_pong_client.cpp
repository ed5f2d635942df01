#include "bench/load/ping_pong_client.hpp"

#include "bench/load/failure.hpp"

namespace load {

namespace {

constexpr std::size_t most_small = 1024;

}  // namespace

PingPongClient::PingPongClient(Surroundings& surroundings, Tally& tally, Identity identity,
                               std::size_t size)
    : Client(surroundings, tally, identity),
      size_(size),
      sent_(surroundings.pattern.start_of(identity.stream)),
      check_(pattern(), sent_,
             size <= most_small ? StreamCheck::Units::small : StreamCheck::Units::large) {}

void PingPongClient::on_chunk(Chunk chunk) {
  if (chunk.size > left_) throw Failure(name() + "more came back than was sent");
  left_ -= chunk.size;
  check(check_, chunk, left_ == 0);
  if (left_ > 0) return;
  const auto now = EventLoop::Clock::now();
  tally().latency.record(now - sent_at_);
  ++tally().messages;
  send(now);
}

void PingPongClient::send(EventLoop::Clock::time_point now) {
  write(pattern().at(sent_, size_));
  sent_ += size_;
  left_ = size_;
  sent_at_ = now;
}

}  // namespace load
