#include "bench/load/cycle_client.hpp"

#include "bench/load/failure.hpp"

namespace load {

namespace {

constexpr std::size_t message_size = 64;
constexpr std::size_t messages_of_churn = 10;
constexpr std::size_t most_lost_in_a_row = 100;

}  // namespace

CycleClient::CycleClient(Surroundings& surroundings, Tally& tally, Identity identity, Kind kind)
    : Client(surroundings, tally, identity),
      kind_(kind),
      sent_(surroundings.pattern.start_of(identity.stream)),
      check_(pattern(), sent_, StreamCheck::Units::small) {}

void CycleClient::begin(EventLoop::Clock::time_point now) {
  if (kind_ == Kind::handshake) resumption().ticket.reset();
  messages_left_ = kind_ == Kind::churn ? messages_of_churn : 0;
  began_at_ = now;
  open();
}

void CycleClient::on_set_up() {
  lost_in_a_row_ = 0;
  if (messages_left_ > 0) send();
}

void CycleClient::send() {
  write(pattern().at(sent_, message_size));
  sent_ += message_size;
  bytes_left_ = message_size;
}

void CycleClient::on_chunk(Chunk chunk) {
  if (chunk.size > bytes_left_) throw Failure(name() + "more came back than was sent");
  bytes_left_ -= chunk.size;
  check(check_, chunk, bytes_left_ == 0);
  if (bytes_left_ > 0) return;
  ++tally().messages;
  if (--messages_left_ > 0) send();
}

void CycleClient::on_turn_end() {
  if (!is_set_up() || messages_left_ > 0) return;
  close();
  const auto now = EventLoop::Clock::now();
  complete(now - began_at_);
  begin(now);
}

void CycleClient::complete(EventLoop::Clock::duration latency) {
  const bool first = std::exchange(is_first_, false);
  if (kind_ != Kind::resume || resumption().accepted) {
    tally().latency.record(latency);
    ++tally().handshakes;
  } else if (!first) {
    ++tally().failed;
  }
}

void CycleClient::on_lost(const std::string& why) {
  ++tally().failed;
  if (++lost_in_a_row_ == most_lost_in_a_row) {
    throw Failure(name() + why + " (" + std::to_string(most_lost_in_a_row) + " times in a row)");
  }
  bytes_left_ = 0;
  check_ = StreamCheck(pattern(), sent_, StreamCheck::Units::small);
  begin(EventLoop::Clock::now());
}

}  // namespace load
