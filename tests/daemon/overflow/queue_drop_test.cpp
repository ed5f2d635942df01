// What leaves a queue without being sent, and when it arrived.
#include "queue_harness.hpp"

#include <gtest/gtest.h>

#include <chrono>
#include <string>

namespace spillway::overflow {
namespace {

using QueueDropTest = QueueTest;

TEST_F(QueueDropTest, NeverDropsAMessageThatWasBegun) {
  push("0123456789\n");
  push("second\n");
  send(4);
  EXPECT_EQ(queue_->drop_head({.messages = 1, .bytes = 0}).bytes, 7U);
  EXPECT_FALSE(queue_->can_drop());
  EXPECT_EQ(queue_->drop_older_than(now_ + std::chrono::hours(1)).messages, 0U);
  EXPECT_EQ(queue_->messages(), 1U);
  EXPECT_EQ(send(), "456789\n");
}

TEST_F(QueueDropTest, ForgetsAPartialMessageAndNothingElse) {
  push("whole\n");
  push_partial("par");
  push_partial("tial");
  EXPECT_EQ(queue_->drop_partial(), 7U);
  EXPECT_EQ(queue_->drop_partial(), 0U);
  EXPECT_EQ(memory_.total(), 6U);
  push("next\n");
  EXPECT_EQ(send(), "whole\nnext\n");
}

TEST_F(QueueDropTest, DropsWholeMessagesFromItsHead) {
  push("one\ntwo\nthree\n", 3);
  const WholeMessages dropped = queue_->drop_head({.messages = 1, .bytes = 0});
  EXPECT_EQ(dropped.messages, 1U);
  EXPECT_EQ(dropped.bytes, 4U);
  EXPECT_EQ(queue_->messages(), 2U);
  EXPECT_EQ(send(), "two\nthree\n");
}

TEST_F(QueueDropTest, DropsWhatIsOlder) {
  push("one\n");
  now_ += std::chrono::seconds(1);
  push("two\nthree\n", 2);
  now_ += std::chrono::seconds(1);
  push("four\n");
  EXPECT_EQ(queue_->drop_older_than(now_ - std::chrono::seconds(2)).messages, 0U);
  const WholeMessages dropped = queue_->drop_older_than(now_);
  EXPECT_EQ(dropped.messages, 3U);
  EXPECT_EQ(dropped.bytes, 14U);
  EXPECT_EQ(queue_->messages(), 1U);
  EXPECT_EQ(send(), "four\n");
}

// One read brought them all, one send took some, and the others grew old.
TEST_F(QueueDropTest, DropsOfOldMessagesThoseThatWereNotSent) {
  make(whole_messages, {.bytes = 1000, .messages = 4});
  push("one\ntwo\nthree\nfour\n", 4);
  EXPECT_EQ(send(9), "one\ntwo\n");
  EXPECT_EQ(queue_->drop_older_than(now_ + std::chrono::seconds(1)).messages, 2U);
  EXPECT_EQ(queue_->messages(), 0U);
  EXPECT_TRUE(queue_->is_low());
}

TEST_F(QueueDropTest, TellsTheArrivalOfMessagesThatLeaveInSeveralSends) {
  push("one\ntwo\nthree\n", 3);
  send(9);
  EXPECT_EQ(left_, (decltype(left_){{now_, 2}}));
  queue_->drop_head({.messages = 1, .bytes = 0});
  EXPECT_EQ(left_, (decltype(left_){{now_, 2}}));
}

TEST_F(QueueDropTest, CountsTheAgeOfAMessageFromItsEnd) {
  push_partial("be");
  now_ += std::chrono::seconds(1);
  push_partial("gun\n");
  queue_->complete_partial(now_);
  EXPECT_EQ(queue_->drop_older_than(now_).messages, 0U);
  send();
  EXPECT_EQ(left_, (decltype(left_){{now_, 1}}));
}

TEST_F(QueueDropTest, OfASwarmOfTinyMessagesKeepsEachOne) {
  constexpr std::size_t count = 100'000;
  make(whole_messages, {.bytes = count, .messages = no_limit}, config::FixedFraming{1});
  for (std::size_t i = 0; i < count; ++i) {
    now_ += std::chrono::milliseconds(1);
    push("x");
  }
  EXPECT_EQ(queue_->messages(), count);
  for (std::size_t i = 0; i < 1000; ++i) queue_->drop_head({.messages = 1, .bytes = 0});
  const auto old = queue_->drop_older_than(now_ - std::chrono::seconds(50));
  EXPECT_GE(old.messages, 40'000U);
  EXPECT_LE(old.messages, 49'000U) << "nothing counts as older than it is";
  EXPECT_EQ(old.messages, old.bytes);
  EXPECT_EQ(send().size(), count - 1000 - old.bytes);
  EXPECT_EQ(queue_->messages(), 0U);
}

TEST_F(QueueDropTest, KeepsNothingWhenItIsCleared) {
  push("0123456789\n");
  push("second\n");
  send(4);
  push_partial("par");
  queue_->clear();
  EXPECT_TRUE(queue_->empty());
  EXPECT_FALSE(queue_->can_drop());
  EXPECT_EQ(queue_->messages(), 0U);
  EXPECT_EQ(queue_->partial_bytes(), 0U);
  EXPECT_EQ(memory_.total(), 0U);
  push("anew\n");
  EXPECT_EQ(send(), "anew\n");
}

TEST_F(QueueDropTest, GivesItsMemoryBackWhenItIsDestroyed) {
  push("0123456789\n");
  push("second\n");
  send(4);
  push_partial("par");
  EXPECT_EQ(memory_.total(), 17U);
  queue_.reset();
  EXPECT_EQ(memory_.total(), 0U);
}

}  // namespace
}  // namespace spillway::overflow
