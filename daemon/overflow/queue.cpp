#include "daemon/overflow/queue.hpp"

#include <cassert>
#include <limits>
#include <utility>

namespace spillway::overflow {

Queue::Queue(ChunkPool& chunks, const Framing& framing, Content content, Limits limits)
    : framing_(framing),
      content_(content),
      limits_(limits),
      begun_(chunks),
      stored_(chunks),
      head_(framing),
      arrivals_(limits.bytes) {}

bool Queue::fits(std::size_t bytes, std::size_t messages) const {
  return this->bytes() + bytes <= limits_.bytes &&
         (limits_.messages == 0 || messages_ + messages <= limits_.messages);
}

bool Queue::could_fit(std::size_t bytes) const {
  const std::size_t messages = begun_.empty() ? 1 : 2;
  return begun_.size() + bytes <= limits_.bytes &&
         (limits_.messages == 0 || messages <= limits_.messages);
}

WholeMessages Queue::room() const {
  constexpr std::size_t unlimited = std::numeric_limits<std::size_t>::max();
  const auto left = [](std::size_t limit, std::size_t used) {
    return limit > used ? limit - used : 0;
  };
  return {.messages = limits_.messages == 0 ? unlimited : left(limits_.messages, messages_),
          .bytes = left(limits_.bytes, bytes())};
}

WholeMessages Queue::excess(WholeMessages more) const {
  const WholeMessages left = room();
  return {.messages = more.messages > left.messages ? more.messages - left.messages : 0,
          .bytes = more.bytes > left.bytes ? more.bytes - left.bytes : 0};
}

bool Queue::is_low() const {
  return bytes() <= limits_.bytes / 2 &&
         (limits_.messages == 0 || messages_ <= limits_.messages / 2);
}

void Queue::push(Bytes bytes, std::size_t messages, TimePoint now) {
  assert(!bytes.empty() && partial_ == 0);
  stored_.push(bytes);
  messages_ += messages;
  arrivals_.push(
      {now, static_cast<std::uint32_t>(bytes.size()), static_cast<std::uint32_t>(messages)});
}

void Queue::push_partial(Bytes bytes) {
  assert(content_ == Content::whole_messages && !bytes.empty());
  stored_.push(bytes);
  partial_ += bytes.size();
}

void Queue::complete_partial(TimePoint now) {
  arrivals_.push({now, static_cast<std::uint32_t>(partial_), 1});
  partial_ = 0;
  ++messages_;
}

std::size_t Queue::drop_partial() {
  stored_.cut(partial_);
  return std::exchange(partial_, 0);
}

void Queue::begin(Bytes message, TimePoint now) {
  assert(empty());
  begun_.push(message);
  begun_at_ = now;
  ++messages_;
}

Queue::Portion Queue::head(std::span<Bytes> into, std::size_t most) {
  for (;;) {
    const auto begun = begun_.head(into, most);
    const std::size_t begun_bytes = std::min(begun_.size(), most);
    if (begun_bytes < begun_.size()) return {begun, begun_bytes, 0, head_};

    const std::span<Bytes> room = into.subspan(begun.size());
    const std::size_t sendable = std::min(most - begun_bytes, stored_.size() - partial_);
    Portion portion = walk(stored_.head(room, sendable));
    const auto stored = stored_.head(room, portion.bytes);
    portion.views = into.first(begun.size() + stored.size());
    portion.bytes += begun_bytes;
    portion.messages += begun.empty() ? 0 : 1;
    if (portion.bytes > 0 || !can_drop()) return portion;
    begin_first();
  }
}

WholeMessages Queue::drop_head(WholeMessages least) {
  const WholeMessages dropped = fewest(least);
  stored_.pop(dropped.bytes);
  arrivals_.pop(dropped.bytes, dropped.messages);
  messages_ -= dropped.messages;
  return dropped;
}

WholeMessages Queue::drop_older_than(TimePoint then) {
  WholeMessages dropped;
  while (!arrivals_.empty() && arrivals_.oldest().at < then) {
    const Arrival oldest = arrivals_.oldest();
    stored_.pop(oldest.bytes);
    arrivals_.pop(oldest.bytes, oldest.messages);
    messages_ -= oldest.messages;
    dropped.messages += oldest.messages;
    dropped.bytes += oldest.bytes;
  }
  return dropped;
}

void Queue::clear() {
  begun_.clear();
  stored_.clear();
  arrivals_.clear();
  messages_ = 0;
  partial_ = 0;
}

/// How much of stored bytes may leave: all of a stream's, of messages those that are whole.
Queue::Portion Queue::walk(std::span<const Bytes> views) const {
  Portion portion{{}, 0, 0, head_};
  std::size_t walked = 0;
  for (const Bytes view : views) {
    const Framer::Scan scan = portion.after.scan(view);
    if (scan.messages > 0) portion.bytes = walked + scan.size;
    portion.messages += scan.messages;
    walked += view.size();
  }
  if (content_ == Content::whole_messages) {
    portion.after.restart();
  } else {
    portion.bytes = walked;
    // What one read brought shows in no byte.
    if (!framing_.has_messages()) portion.messages = arrivals_.messages_within(walked);
  }
  return portion;
}

void Queue::begin_first() {
  const std::size_t bytes = fewest({.messages = 1, .bytes = 0}).bytes;
  begun_at_ = arrivals_.oldest().at;
  arrivals_.pop(bytes, 1);
  stored_.move_head(bytes, begun_);
}

WholeMessages Queue::fewest(WholeMessages least) const {
  return fewest_messages(head_, least, stored_.size() - partial_,
                         [this](std::size_t offset) { return stored_.view_at(offset); });
}

}  // namespace spillway::overflow
