#include "queue_harness.hpp"

#include <gtest/gtest.h>

#include <chrono>
#include <string>

namespace spillway::overflow {
namespace {

TEST_F(QueueTest, FitsUpToItsLimitAndNotAByteMore) {
  make(stream, {.bytes = 10, .messages = no_limit});
  EXPECT_TRUE(queue_->fits(10, 100));
  EXPECT_FALSE(queue_->fits(11, 1));
  push("1234567", 0);
  EXPECT_TRUE(queue_->fits(3, 1));
  EXPECT_FALSE(queue_->fits(4, 1));
}

TEST_F(QueueTest, FitsUpToItsLimitOfMessagesToo) {
  make(stream, {.bytes = 1000, .messages = 3});
  push("a\nb\n", 2);
  EXPECT_TRUE(queue_->fits(1, 1));
  EXPECT_FALSE(queue_->fits(1, 2));
  EXPECT_TRUE(queue_->fits(900, 0)) << "a part of a message is no message yet";
}

TEST_F(QueueTest, WithoutALimitNothingFits) {
  make(stream, {.bytes = 0, .messages = no_limit});
  EXPECT_FALSE(queue_->fits(1, 0));
  EXPECT_TRUE(queue_->is_low());
}

TEST_F(QueueTest, TakesWhatItIsGivenBeyondItsLimits) {
  make(stream, {.bytes = 4, .messages = 1});
  push("be\nyond\n", 2);
  EXPECT_EQ(queue_->bytes(), 8U);
  EXPECT_EQ(queue_->messages(), 2U);
  EXPECT_FALSE(queue_->fits(1, 0));
  EXPECT_EQ(send(), "be\nyond\n");
}

TEST_F(QueueTest, IsLowAtHalfOfItsBytes) {
  make(stream, {.bytes = 10, .messages = no_limit});
  push("12345678", 0);
  send(2);
  EXPECT_FALSE(queue_->is_low());
  send(1);
  EXPECT_TRUE(queue_->is_low());
}

TEST_F(QueueTest, IsLowAtHalfOfItsMessages) {
  make(stream, {.bytes = 1000, .messages = 4});
  push("a\nb\nc\nd\n", 4);
  send(3);
  EXPECT_FALSE(queue_->is_low());
  send(1);
  EXPECT_TRUE(queue_->is_low());
}

TEST_F(QueueTest, OfOneMessageIsLowWhenItIsEmpty) {
  make(whole_messages, {.bytes = 1000, .messages = 1});
  push("a\n");
  EXPECT_FALSE(queue_->is_low());
  send();
  EXPECT_TRUE(queue_->is_low());
}

TEST_F(QueueTest, HoldsNothingWhileNothingWaits) {
  EXPECT_TRUE(queue_->unused());
  push("one\n");
  EXPECT_FALSE(queue_->unused());
  EXPECT_EQ(send(), "one\n");
  EXPECT_TRUE(queue_->unused());

  push_partial("tw");
  EXPECT_FALSE(queue_->unused());
  EXPECT_EQ(queue_->drop_partial(), 2U);
  EXPECT_TRUE(queue_->unused());

  push("three\n");
  EXPECT_EQ(queue_->drop_head({.messages = 1, .bytes = 0}).messages, 1U);
  EXPECT_TRUE(queue_->unused());

  push("four\n");
  EXPECT_EQ(queue_->drop_older_than(now_ + std::chrono::seconds(1)).messages, 1U);
  EXPECT_TRUE(queue_->unused());
  EXPECT_EQ(queue_->drop_head({.messages = 1, .bytes = 0}).messages, 0U);
  EXPECT_EQ(queue_->drop_partial(), 0U);

  push("five\n");
  queue_->clear();
  EXPECT_TRUE(queue_->unused());
}

// What one queue gave back serves the next, whose limit may be another.
TEST_F(QueueTest, BeginsAnewWithWhatAnotherQueueHeld) {
  push("one\ntwo\n", 2);
  send(1);
  make(stream, {.bytes = 10, .messages = no_limit});
  push("three\nfo", 1);
  EXPECT_EQ(queue_->bytes(), 8U);
  EXPECT_EQ(queue_->messages(), 1U);
  EXPECT_EQ(send(), "three\nfo");
  EXPECT_EQ(memory_.total(), 0U);
}

TEST_F(QueueTest, SendsAStreamAsFarAsASendGoes) {
  make(stream, {.bytes = 1000, .messages = no_limit});
  push("one\ntw", 1);
  EXPECT_EQ(send(2), "on");
  EXPECT_EQ(queue_->messages(), 1U);
  EXPECT_EQ(send(100), "e\ntw");
  EXPECT_EQ(queue_->messages(), 0U);
  push("o\n");
  EXPECT_EQ(send(), "o\n");
  EXPECT_EQ(queue_->messages(), 0U);
}

// What went past the queue may have begun a message of which the rest is pushed.
TEST_F(QueueTest, FindsTheMessagesOfAStreamOfWhichTheBeginningWentPast) {
  make(stream, {.bytes = 1000, .messages = no_limit}, config::FixedFraming{4});
  arrived_.scan(as_bytes("012"));
  push("301", 1);
  EXPECT_EQ(send(1), "3");
  EXPECT_EQ(queue_->messages(), 0U);
  push("23", 1);
  EXPECT_EQ(queue_->messages(), 1U);
  EXPECT_EQ(send(), "0123");
  EXPECT_EQ(queue_->messages(), 0U);
}

TEST_F(QueueTest, CutsNoMessageThatFitsIntoASend) {
  push("one\n");
  push("two\n");
  push("three\n");
  EXPECT_EQ(send(9), "one\ntwo\n");
  EXPECT_EQ(send(6), "three\n");
}

TEST_F(QueueTest, BeginsAMessageThatIsLargerThanASend) {
  push("0123456789\n");
  push("next\n");
  EXPECT_EQ(send(4), "0123");
  EXPECT_EQ(queue_->begun_bytes(), 7U);
  EXPECT_EQ(queue_->messages(), 2U) << "it has not left yet";
  EXPECT_TRUE(left_.empty());
  EXPECT_EQ(send(4), "4567");
  EXPECT_EQ(send(100), "89\nnext\n");
  EXPECT_EQ(queue_->messages(), 0U);
  EXPECT_EQ(left_.size(), 2U);
}

TEST_F(QueueTest, SendsBehindTheRestOfABegunMessageOnlyWhatIsWhole) {
  push("0123456789\n");
  push("next\n");
  send(4);
  EXPECT_EQ(send(9), "456789\n");
  EXPECT_EQ(send(9), "next\n");
}

TEST_F(QueueTest, BeginsAMessageOfManyChunks) {
  const std::string large = std::string(5 * Chunk::size / 2, 'x') + '\n';
  make(whole_messages, {.bytes = 1'000'000, .messages = no_limit});
  push("first\n");
  push(large);
  push("last\n");
  EXPECT_EQ(send(Chunk::size), "first\n");
  EXPECT_EQ(send(Chunk::size), large.substr(0, Chunk::size));
  EXPECT_EQ(queue_->drop_head({.messages = 1, .bytes = 0}).bytes, 5U);
  EXPECT_EQ(send(), large.substr(Chunk::size));
  EXPECT_TRUE(queue_->empty());
}

TEST_F(QueueTest, TakesAMessageThatIsToGoOutInPiecesFirst) {
  now_ += std::chrono::seconds(1);
  queue_->begin(as_bytes("large\n"), now_);
  push("next\n");
  EXPECT_EQ(queue_->messages(), 2U);
  EXPECT_EQ(queue_->bytes(), 11U);
  EXPECT_EQ(queue_->drop_head({.messages = 1, .bytes = 0}).bytes, 5U);
  EXPECT_FALSE(queue_->can_drop());
  EXPECT_EQ(send(3), "lar");
  EXPECT_EQ(send(3), "ge\n");
  EXPECT_EQ(left_, (decltype(left_){{now_, 1}}));
}

TEST_F(QueueTest, DoesNotSendAMessageThatIsNotWhole) {
  push("whole\n");
  push_partial("not");
  EXPECT_EQ(queue_->bytes(), 6U);
  EXPECT_EQ(queue_->messages(), 1U);
  EXPECT_EQ(queue_->partial_bytes(), 3U);
  EXPECT_EQ(send(), "whole\n");
  EXPECT_TRUE(queue_->empty());
  EXPECT_EQ(send(), "");
  EXPECT_FALSE(queue_->can_drop());
  push_partial(" yet\n");
  queue_->complete_partial(now_);
  EXPECT_EQ(queue_->messages(), 1U);
  EXPECT_EQ(send(), "not yet\n");
}

TEST_F(QueueTest, WithoutFramingCountsAReadWhenItsLastByteLeaves) {
  make(stream, {.bytes = 1000, .messages = no_limit}, config::NoFraming{});
  push("one");
  now_ += std::chrono::seconds(1);
  push("three");
  EXPECT_EQ(send(2), "on");
  EXPECT_EQ(queue_->messages(), 2U);
  EXPECT_EQ(send(1), "e");
  EXPECT_EQ(queue_->messages(), 1U);
  EXPECT_EQ(send(), "three");
  EXPECT_EQ(queue_->messages(), 0U);
}

}  // namespace
}  // namespace spillway::overflow
