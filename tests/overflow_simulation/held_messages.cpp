#include "tests/overflow_simulation/held_messages.hpp"

#include "daemon/overflow/stride.hpp"

#include <algorithm>

namespace spillway::overflow_simulation {

namespace {

// The least number of arrivals that a pipe tells apart.
constexpr std::size_t exact_arrivals = 128;

}  // namespace

void HeldMessages::expire(FlowCounters::Dropped dropped, TimePoint now) {
  FlowCounters::Dropped expected;
  while (expected.messages < dropped.messages) {
    const auto oldest = first_whole();
    if (oldest == queue_.end()) return require(false, "only what waits is dropped for its age");
    require(is_expired(*oldest, now), "no message is dropped before it is older than max_age");
    ++expected.messages;
    expected.bytes += oldest->range.size();
    erase(oldest);
  }
  require(expected.bytes == dropped.bytes, "the bytes dropped for their age are those of messages");
}

void HeldMessages::arrive(std::size_t arrived, const std::vector<std::size_t>& ends,
                          TimePoint now) {
  arrived_ = arrived;
  for (const std::size_t end : ends) {
    fresh_.push_back({.range = {partial_begin_, end}, .arrived = now});
    partial_begin_ = end;
  }
}

Held::Taken HeldMessages::take(std::size_t bytes, TimePoint now) {
  Taken taken;
  take_from(queue_, bytes, now, taken);
  if (queue_.empty()) take_from(fresh_, bytes, now, taken);
  require(bytes == 0, "nothing is sent but whole messages");
  if (!fresh_.empty() && fresh_.front().begun) {
    push(fresh_.front());
    fresh_.pop_front();
  }
  return taken;
}

void HeldMessages::take_from(Messages& messages, std::size_t& bytes, TimePoint now, Taken& taken) {
  std::size_t done = 0;
  for (const Range& range : taken.ranges) done += range.size();
  while (bytes > 0 && !messages.empty()) {
    Message& first = messages.front();
    const std::size_t part = std::min(bytes, first.range.size());
    require(first.begun || !ages_are_exact_ || !is_expired(first, now),
            "no message is sent that is older than max_age");
    require(part == first.range.size() || first.begun ||
                first.range.size() > overflow::Stride::cautious,
            "no message is cut that one send can hold");
    taken.ranges.push_back({first.range.begin, first.range.begin + part});
    bytes -= part;
    done += part;
    first.begun = true;
    first.range.begin += part;
    if (&messages == &queue_) queued_bytes_ -= part;
    if (first.range.size() > 0) return;
    taken.ends.push_back(done);
    messages.pop_front();
  }
}

Held::Decision HeldMessages::decide(TimePoint now) {
  Decision decision;
  for (; !fresh_.empty(); fresh_.pop_front()) {
    const Message& message = fresh_.front();
    const FlowCounters::Dropped before = decision.dropped;
    if (make_room(message, decision.dropped)) {
      push(message);
    } else {
      ++decision.dropped.messages;
      decision.dropped.bytes += message.range.size();
    }
    const auto oldest = first_whole();
    require(decision.dropped == before || !ages_are_exact_ || oldest == queue_.end() ||
                !is_expired(*oldest, now),
            "what is older than max_age goes before the policy drops anything");
  }
  return decision;
}

bool HeldMessages::make_room(const Message& message, FlowCounters::Dropped& dropped) {
  if (overflow_.policy == config::OverflowPolicy::drop_newest) {
    full_ = (full_ && !is_low()) || !fits(message.range.size(), 1);
    return !full_;
  }
  if (!could_fit(message)) return false;
  while (!fits(message.range.size(), 1)) {
    const auto oldest = first_whole();
    ++dropped.messages;
    dropped.bytes += oldest->range.size();
    erase(oldest);
  }
  return true;
}

// Nothing is dropped in vain: beside what has begun there may never be room.
bool HeldMessages::could_fit(const Message& message) const {
  const bool begun = !queue_.empty() && queue_.front().begun;
  const std::size_t stays = begun ? queue_.front().range.size() : 0;
  return stays + message.range.size() <= overflow_.queue &&
         (overflow_.queue_messages == 0 || (begun ? 2U : 1U) <= overflow_.queue_messages);
}

void HeldMessages::push(const Message& message) {
  if (queue_.empty()) arrivals_ = 0;
  if (arrivals_ == 0 || last_arrival_ != message.arrived) ++arrivals_;
  last_arrival_ = message.arrived;
  if (arrivals_ > exact_arrivals) ages_are_exact_ = false;
  queued_bytes_ += message.range.size();
  queue_.push_back(message);
}

FlowCounters::Dropped HeldMessages::end_partial() {
  const std::size_t bytes = partial_bytes();
  partial_begin_ = arrived_;
  return {1, bytes};
}

std::size_t HeldMessages::sendable() const {
  std::size_t fresh = 0;
  for (const Message& message : fresh_) fresh += message.range.size();
  return queued_bytes_ + fresh;
}

HeldMessages::Messages::iterator HeldMessages::first_whole() {
  const bool begun = !queue_.empty() && queue_.front().begun;
  return begun ? std::next(queue_.begin()) : queue_.begin();
}

void HeldMessages::erase(Messages::iterator message) {
  queued_bytes_ -= message->range.size();
  queue_.erase(message);
}

bool HeldMessages::is_expired(const Message& message, TimePoint now) const {
  return overflow_.max_age.count() > 0 && message.arrived < now - overflow_.max_age;
}

}  // namespace spillway::overflow_simulation
