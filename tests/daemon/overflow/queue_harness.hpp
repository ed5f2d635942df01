// A queue, and a send that takes what the queue offers.
#pragma once

#include "daemon/overflow/queue.hpp"

#include <gtest/gtest.h>

#include <array>
#include <chrono>
#include <limits>
#include <optional>
#include <string>
#include <utility>
#include <vector>

namespace spillway::overflow {

inline constexpr std::size_t everything = std::numeric_limits<std::size_t>::max();
inline constexpr std::size_t no_limit = 0;
inline constexpr auto stream = Queue::Content::stream;
inline constexpr auto whole_messages = Queue::Content::whole_messages;

inline std::string text_of(const Queue::Portion& portion) {
  std::string text;
  for (const Bytes view : portion.views) text += as_text(view);
  return text;
}

/// A queue of lines, if it is not made anew, and a clock that is set by hand.
class QueueTest : public ::testing::Test {
 protected:
  void make(Queue::Content content, Queue::Limits limits, config::Framing framing = lines()) {
    queue_.reset();
    framing_.emplace(framing, everything);
    rules_.emplace(Queue::Rules{chunks_, *framing_, content, limits});
    queue_.emplace(*rules_);
    arrived_ = Framer(*framing_);
  }
  static config::Framing lines() { return config::LineFraming{}; }

  void push(const std::string& bytes, std::size_t messages = 1) {
    const Framer at = arrived_;
    arrived_.scan(as_bytes(bytes));
    queue_->push(as_bytes(bytes), messages, now_, at);
  }
  void push_partial(const std::string& bytes) { queue_->push_partial(as_bytes(bytes)); }

  /// What one send of at most `most` bytes takes.
  std::string send(std::size_t most = everything) {
    const Queue::Portion portion = queue_->head(views_, most);
    const std::string text = text_of(portion);
    EXPECT_EQ(text.size(), portion.bytes);
    queue_->pop(portion,
                [this](TimePoint at, std::size_t messages) { left_.emplace_back(at, messages); });
    return text;
  }

  MemoryLimit memory_{1, [] {}};  // so small that its steps are single bytes
  MemoryAccount account_{memory_};
  ChunkPool chunks_{account_};
  std::optional<Framing> framing_{std::in_place, lines(), everything};
  std::optional<Queue::Rules> rules_{Queue::Rules{.chunks = chunks_,
                                                  .framing = *framing_,
                                                  .content = whole_messages,
                                                  .limits = {.bytes = 1000, .messages = no_limit}}};
  std::optional<Queue> queue_{std::in_place, *rules_};
  Framer arrived_{*framing_};  // at the end of what was pushed
  std::array<Bytes, 64> views_;
  TimePoint now_{std::chrono::hours(1)};
  std::vector<std::pair<TimePoint, std::size_t>> left_;  // of what was sent
};

}  // namespace spillway::overflow
