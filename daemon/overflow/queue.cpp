#include "daemon/overflow/queue.hpp"

#include <cassert>
#include <limits>
#include <utility>

namespace spillway::overflow {

bool Queue::fits(std::size_t bytes, std::size_t messages) const {
  return this->bytes() + bytes <= rules_.limits.bytes &&
         (rules_.limits.messages == 0 || this->messages() + messages <= rules_.limits.messages);
}

bool Queue::could_fit(std::size_t bytes) const {
  const std::size_t messages = begun_bytes() == 0 ? 1 : 2;
  return begun_bytes() + bytes <= rules_.limits.bytes &&
         (rules_.limits.messages == 0 || messages <= rules_.limits.messages);
}

WholeMessages Queue::room() const {
  constexpr std::size_t unlimited = std::numeric_limits<std::size_t>::max();
  const auto left = [](std::size_t limit, std::size_t used) {
    return limit > used ? limit - used : 0;
  };
  return {.messages =
              rules_.limits.messages == 0 ? unlimited : left(rules_.limits.messages, messages()),
          .bytes = left(rules_.limits.bytes, bytes())};
}

WholeMessages Queue::excess(WholeMessages more) const {
  const WholeMessages left = room();
  return {.messages = more.messages > left.messages ? more.messages - left.messages : 0,
          .bytes = more.bytes > left.bytes ? more.bytes - left.bytes : 0};
}

bool Queue::is_low() const {
  return bytes() <= rules_.limits.bytes / 2 &&
         (rules_.limits.messages == 0 || messages() <= rules_.limits.messages / 2);
}

void Queue::push(Bytes bytes, std::size_t messages, TimePoint now, const Framer& at) {
  assert(!bytes.empty() && partial_bytes() == 0);
  Backlog& waiting = backlog(at);
  waiting.stored.push(bytes);
  waiting.messages += messages;
  waiting.arrivals.push(
      {now, static_cast<std::uint32_t>(bytes.size()), static_cast<std::uint32_t>(messages)});
}

void Queue::push_partial(Bytes bytes) {
  assert(rules_.content == Content::whole_messages && !bytes.empty());
  Backlog& waiting = backlog(Framer(rules_.framing));
  waiting.stored.push(bytes);
  waiting.partial += bytes.size();
}

void Queue::complete_partial(TimePoint now) {
  Backlog& waiting = *backlog_;
  waiting.arrivals.push({now, static_cast<std::uint32_t>(waiting.partial), 1});
  waiting.partial = 0;
  ++waiting.messages;
}

std::size_t Queue::drop_partial() {
  const std::size_t dropped = partial_bytes();
  if (dropped == 0) return 0;
  backlog_->stored.cut(dropped);
  backlog_->partial = 0;
  release_if_unused();
  return dropped;
}

void Queue::begin(Bytes message, TimePoint now) {
  assert(empty());
  Backlog& waiting = backlog(Framer(rules_.framing));
  waiting.begun.push(message);
  waiting.begun_at = now;
  ++waiting.messages;
}

Queue::Portion Queue::head(std::span<Bytes> into, std::size_t most) {
  if (empty()) return {{}, 0, 0, Framer(rules_.framing)};
  const Backlog& waiting = *backlog_;
  for (;;) {
    const auto begun = waiting.begun.head(into, most);
    const std::size_t begun_bytes = std::min(waiting.begun.size(), most);
    if (begun_bytes < waiting.begun.size()) return {begun, begun_bytes, 0, *waiting.head};

    const std::span<Bytes> room = into.subspan(begun.size());
    const std::size_t sendable =
        std::min(most - begun_bytes, waiting.stored.size() - waiting.partial);
    Portion portion = walk(waiting.stored.head(room, sendable));
    const auto stored = waiting.stored.head(room, portion.bytes);
    portion.views = into.first(begun.size() + stored.size());
    portion.bytes += begun_bytes;
    portion.messages += begun.empty() ? 0 : 1;
    if (portion.bytes > 0 || !can_drop()) return portion;
    begin_first();
  }
}

WholeMessages Queue::drop_head(WholeMessages least) {
  if (!can_drop()) return {};
  const WholeMessages dropped = fewest(least);
  backlog_->stored.pop(dropped.bytes);
  backlog_->arrivals.pop(dropped.bytes, dropped.messages);
  backlog_->messages -= dropped.messages;
  release_if_unused();
  return dropped;
}

WholeMessages Queue::drop_older_than(TimePoint then) {
  if (!can_drop()) return {};
  Backlog& waiting = *backlog_;
  WholeMessages dropped;
  while (!waiting.arrivals.empty() && waiting.arrivals.oldest().at < then) {
    const Arrival oldest = waiting.arrivals.oldest();
    waiting.stored.pop(oldest.bytes);
    waiting.arrivals.pop(oldest.bytes, oldest.messages);
    waiting.messages -= oldest.messages;
    dropped.messages += oldest.messages;
    dropped.bytes += oldest.bytes;
  }
  release_if_unused();
  return dropped;
}

void Queue::clear() {
  if (!backlog_) return;
  backlog_->begun.clear();
  backlog_->stored.clear();
  backlog_->arrivals.clear();
  backlog_->messages = 0;
  backlog_->partial = 0;
  release_if_unused();
}

Backlog& Queue::backlog(const Framer& at) {
  if (!backlog_) {
    backlog_ = rules_.chunks.take_backlog();
    backlog_->head = at;
    backlog_->arrivals.limit_to(rules_.limits.bytes);
  }
  return *backlog_;
}

void Queue::release_if_unused() {
  if (backlog_->begun.empty() && backlog_->stored.empty())
    rules_.chunks.give_back(std::move(backlog_));
}

/// How much of stored bytes may leave: all of a stream's, of messages those that are whole.
Queue::Portion Queue::walk(std::span<const Bytes> views) const {
  Portion portion{{}, 0, 0, *backlog_->head};
  std::size_t walked = 0;
  for (const Bytes view : views) {
    const Framer::Scan scan = portion.after.scan(view);
    if (scan.messages > 0) portion.bytes = walked + scan.size;
    portion.messages += scan.messages;
    walked += view.size();
  }
  if (rules_.content == Content::whole_messages) {
    portion.after.restart();
  } else {
    portion.bytes = walked;
    // What one read brought shows in no byte.
    if (!rules_.framing.has_messages()) {
      portion.messages = backlog_->arrivals.messages_within(walked);
    }
  }
  return portion;
}

void Queue::begin_first() {
  Backlog& waiting = *backlog_;
  const std::size_t bytes = fewest({.messages = 1, .bytes = 0}).bytes;
  waiting.begun_at = waiting.arrivals.oldest().at;
  waiting.arrivals.pop(bytes, 1);
  waiting.stored.move_head(bytes, waiting.begun);
}

WholeMessages Queue::fewest(WholeMessages least) const {
  const Backlog& waiting = *backlog_;
  return fewest_messages(*waiting.head, least, waiting.stored.size() - waiting.partial,
                         [&waiting](std::size_t offset) { return waiting.stored.view_at(offset); });
}

}  // namespace spillway::overflow
