#include "daemon/overflow/arrivals.hpp"

#include "daemon/overflow/growing.hpp"

#include <algorithm>
#include <cassert>

namespace spillway::overflow {

namespace {

// One for so many bytes of the queue: a quarter of its memory at most.
constexpr std::size_t bytes_per_arrival = 4 * sizeof(Arrival);
constexpr std::size_t least = 128;

}  // namespace

Arrivals::Arrivals(std::size_t bytes) : most_(std::max(bytes / bytes_per_arrival, least)) {}

void Arrivals::push(Arrival arrival) {
  if (!ring_.empty() && ring_.back().at == arrival.at) {
    ring_.back().bytes += arrival.bytes;
    ring_.back().messages += arrival.messages;
    return;
  }
  if (ring_.size() >= most_) thin_out();
  push_growing(ring_, arrival, most_);
}

void Arrivals::pop_message(std::size_t bytes) {
  Arrival& first = ring_.front();
  assert(bytes <= first.bytes && first.messages > 0);
  first.bytes -= static_cast<std::uint32_t>(bytes);
  --first.messages;
  if (first.bytes == 0) ring_.pop_front();
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

void Arrivals::thin_out() {
  const std::size_t half = ring_.size() / 2;
  for (std::size_t i = 0; i < half; ++i) {
    const Arrival& older = ring_[2 * i];
    const Arrival& younger = ring_[2 * i + 1];
    ring_[i] = {younger.at, older.bytes + younger.bytes, older.messages + younger.messages};
  }
  if (ring_.size() % 2 == 1) ring_[half] = ring_.back();
  ring_.resize(half + ring_.size() % 2);
}

}  // namespace spillway::overflow
