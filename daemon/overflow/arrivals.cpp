#include "daemon/overflow/arrivals.hpp"

#include "daemon/overflow/growing.hpp"

#include <algorithm>

namespace spillway::overflow {

namespace {

// One for so many bytes of the queue: a quarter of its memory at most.
constexpr std::size_t bytes_per_arrival = 4 * sizeof(Arrival);
constexpr std::size_t least = 128;

}  // namespace

void Arrivals::limit_to(std::size_t bytes) { most_ = std::max(bytes / bytes_per_arrival, least); }

void Arrivals::push(Arrival arrival) {
  if (!ring_.empty() && ring_.back().at == arrival.at) {
    ring_.back().bytes += arrival.bytes;
    ring_.back().messages += arrival.messages;
    return;
  }
  if (ring_.size() >= most_) thin_out();
  push_growing(ring_, arrival, most_);
}

std::size_t Arrivals::messages_within(std::size_t bytes) const {
  std::size_t messages = 0;
  for (const Arrival& arrival : ring_) {
    if (arrival.bytes > bytes) break;
    bytes -= arrival.bytes;
    messages += arrival.messages;
  }
  return messages;
}

// What is slow once in a while keeps a little, and not what its worst hour took.
void Arrivals::clear() {
  ring_.clear();
  if (ring_.capacity() > least) ring_.set_capacity(0);
}

/// At most all that `bytes` and `messages` allow.
Arrival Arrivals::take_of_oldest(std::size_t bytes, std::size_t messages) {
  Arrival& first = ring_.front();
  const Arrival share{first.at,
                      static_cast<std::uint32_t>(std::min<std::size_t>(bytes, first.bytes)),
                      static_cast<std::uint32_t>(std::min<std::size_t>(messages, first.messages))};
  first.bytes -= share.bytes;
  first.messages -= share.messages;
  if (first.bytes == 0) ring_.pop_front();
  if (ring_.empty()) clear();
  return share;
}

/// Leaves about half at most. Only small ones become one, however often it is done: what is large
/// already would count as younger and younger, and would never be too old.
void Arrivals::thin_out() {
  std::size_t bytes = 0;
  for (const Arrival& arrival : ring_) bytes += arrival.bytes;
  const std::size_t small = 4 * bytes / most_;
  std::size_t last = 0;
  for (std::size_t i = 1; i < ring_.size(); ++i) {
    const Arrival& older = ring_[last];
    const Arrival& younger = ring_[i];
    const Arrival both{younger.at, older.bytes + younger.bytes, older.messages + younger.messages};
    const bool is_small = both.bytes <= small;
    if (!is_small) ++last;
    ring_[last] = is_small ? both : younger;
  }
  ring_.resize(last + 1);
}

}  // namespace spillway::overflow
