#include "tests/simulation/peer.hpp"

#include <algorithm>
#include <array>
#include <utility>

namespace spillway::simulation {

bool Peer::is_ready(const Entry& entry) {
  return entry.status == LayerStatus::ready || entry.status == LayerStatus::finished;
}

bool Peer::ready() const { return std::ranges::all_of(entries_, is_ready); }

bool Peer::heard_goodbye() const {
  return std::ranges::all_of(
      entries_, [](const Entry& entry) { return entry.status == LayerStatus::finished; });
}

void Peer::push(FarLayer layer) {
  const bool may_start = ready();
  entries_.push_back({.far = std::move(layer)});
  if (may_start) start_level(entries_.size() - 1);
}

void Peer::take_wire(Bytes wire) { go_up(0, wire); }

void Peer::send(std::size_t size) {
  if (!ready() || said_goodbye_ || sent_garbage_) return;
  const Bytes plain = sends_.at(sent_, size);
  sent_ += size;
  go_down(entries_.size(), plain);
}

void Peer::chatter(Random& random) {
  if (entries_.empty() || said_goodbye_ || sent_garbage_) return;
  const std::size_t level = random.below(entries_.size());
  if (entries_[level].status != LayerStatus::ready) return;
  run(level, [&](Entry& entry, LayerOutput output) {
    entry.far.chatter(output);
    return entry.status;
  });
}

void Peer::say_goodbye() {
  if (!ready() || said_goodbye_ || sent_garbage_) return;
  said_goodbye_ = true;
  for (std::size_t level = entries_.size(); level-- > 0;) {
    run(level, [](Entry& entry, LayerOutput output) {
      entry.far.layer->say_goodbye(output);
      return entry.status;
    });
  }
}

void Peer::send_garbage(Random& random) {
  sent_garbage_ = true;
  std::array<std::byte, 64> garbage{};
  for (std::byte& byte : garbage) byte = static_cast<std::byte>(random.below(256));
  under_way_.append(garbage);
}

// As the connection does it, but with a buffer for each call: simple, and written independently.
template <class Call>
void Peer::run(std::size_t level, Call call) {
  Entry& entry = entries_[level];
  if (entry.status == LayerStatus::failed) return;
  ByteBuffer up;
  ByteBuffer down;
  const bool was_ready = is_ready(entry);
  entry.set_up = true;
  entry.status = call(entry, LayerOutput{.up = up, .down = down});
  verdict_.require(entry.status != LayerStatus::failed || sent_garbage_,
                   "the peer cannot read what the connection wrote");
  go_down(level, down.data());
  if (!was_ready && is_ready(entry)) start_level(level + 1);
  go_up(level + 1, up.data());
}

void Peer::start_level(std::size_t level) {
  if (level >= entries_.size() || entries_[level].set_up) return;
  run(level, [](Entry& entry, LayerOutput output) { return entry.far.layer->set_up(output); });
}

void Peer::go_up(std::size_t level, Bytes bytes) {
  if (bytes.empty()) return;
  if (level == entries_.size()) {
    if (!sent_garbage_) {
      verdict_.require(expected_.continues(received_, bytes),
                       "SC-1: bytes arrive as they were sent, in order, once");
    }
    received_ += bytes.size();
    return;
  }
  if (entries_[level].status == LayerStatus::finished) return;
  run(level,
      [&](Entry& entry, LayerOutput output) { return entry.far.layer->incoming(bytes, output); });
}

void Peer::go_down(std::size_t level, Bytes bytes) {
  if (bytes.empty()) return;
  if (level == 0) return under_way_.append(bytes);
  run(level - 1, [&](Entry& entry, LayerOutput output) {
    return entry.far.layer->outgoing(BufferList(&bytes, 1), output);
  });
}

}  // namespace spillway::simulation
