#include "daemon/overflow/queue.hpp"

#include <spillway/bytes.hpp>

#include <gtest/gtest.h>

#include <array>
#include <deque>
#include <limits>
#include <random>
#include <string>
#include <vector>

namespace spillway::overflow {
namespace {

constexpr std::size_t everything = std::numeric_limits<std::size_t>::max();

std::string head_of(const Queue& queue, std::size_t most = everything) {
  std::array<Bytes, 1024> views;
  std::string text;
  for (const Bytes view : queue.head(views, most)) text += as_text(view);
  return text;
}

class QueueTest : public ::testing::Test {
 protected:
  ChunkPool chunks_;
};

TEST_F(QueueTest, FitsUpToItsLimitAndNotAByteMore) {
  Queue queue(chunks_, 10);
  EXPECT_TRUE(queue.fits(10));
  EXPECT_FALSE(queue.fits(11));
  queue.push(as_bytes("1234567"));
  EXPECT_TRUE(queue.fits(3));
  EXPECT_FALSE(queue.fits(4));
}

TEST_F(QueueTest, WithoutALimitNothingFits) {
  const Queue queue(chunks_, 0);
  EXPECT_FALSE(queue.fits(1));
  EXPECT_TRUE(queue.is_low());
}

TEST_F(QueueTest, TakesWhatItIsGivenBeyondItsLimit) {
  Queue queue(chunks_, 4);
  queue.push(as_bytes("beyond"));
  EXPECT_EQ(queue.bytes(), 6U);
  EXPECT_EQ(head_of(queue), "beyond");
}

TEST_F(QueueTest, IsLowAtHalfOfItsLimit) {
  Queue queue(chunks_, 10);
  queue.push(as_bytes("12345678"));
  queue.pop(2);
  EXPECT_FALSE(queue.is_low());
  queue.pop(1);
  EXPECT_TRUE(queue.is_low());
}

TEST_F(QueueTest, IsLowAtHalfOfTheMessagesToo) {
  Queue queue(chunks_, 800);
  while (queue.fits(1)) queue.push(as_bytes("x"));
  EXPECT_LT(queue.bytes(), 400U) << "full of messages, not of bytes";
  EXPECT_FALSE(queue.is_low());
  queue.pop(queue.bytes() / 2 + 1);
  EXPECT_TRUE(queue.is_low());
}

TEST_F(QueueTest, CountsAMessageWhenItsLastByteLeaves) {
  Queue queue(chunks_, 100);
  queue.push(as_bytes("one"));
  queue.push(as_bytes("two"));
  queue.push(as_bytes("three"));
  EXPECT_EQ(queue.messages(), 3U);
  EXPECT_EQ(queue.pop(2), 0U);
  EXPECT_EQ(queue.pop(1), 1U);
  EXPECT_EQ(queue.pop(4), 1U);
  EXPECT_EQ(head_of(queue), "hree");
  EXPECT_EQ(queue.pop(4), 1U);
  EXPECT_TRUE(queue.empty());
  EXPECT_EQ(queue.messages(), 0U);
}

TEST_F(QueueTest, ShowsNoMoreOfItsHeadThanAsked) {
  Queue queue(chunks_, 100);
  queue.push(as_bytes("abcdef"));
  EXPECT_EQ(head_of(queue, 4), "abcd");
  EXPECT_EQ(head_of(queue, 0), "");
}

TEST_F(QueueTest, ShowsNoMoreViewsThanThereIsRoomFor) {
  Queue queue(chunks_, 0);
  queue.push(as_bytes(std::string(3 * Chunk::size, 'x')));
  std::array<Bytes, 2> views;
  ASSERT_EQ(queue.head(views, everything).size(), 2U);
  EXPECT_EQ(views[0].size() + views[1].size(), 2 * Chunk::size);
}

TEST_F(QueueTest, BoundsTheNumberOfTinyMessages) {
  constexpr std::size_t limit = 64 * 1024;
  Queue queue(chunks_, limit);
  std::size_t count = 0;
  while (queue.fits(1) && count < limit) {
    queue.push(as_bytes("x"));
    ++count;
  }
  EXPECT_LT(count, limit);
  EXPECT_LE(count * sizeof(std::uint32_t), limit);
}

// An idle session holds no queue memory: what one queue gives back, the next one takes.
TEST_F(QueueTest, GivesItsMemoryBackWhenItIsEmpty) {
  Queue first(chunks_, 1000);
  first.push(as_bytes("something"));
  std::array<Bytes, 1> view;
  const auto* memory = first.head(view, 1).front().data();
  first.pop(first.bytes());

  Queue second(chunks_, 1000);
  second.push(as_bytes("something else"));
  EXPECT_EQ(second.head(view, 1).front().data(), memory);
}

TEST_F(QueueTest, KeepsOrderAndCountThroughAnyMixOfPushAndPop) {
  std::mt19937 random(1);
  Queue queue(chunks_, 0);
  std::deque<std::size_t> sizes;
  std::string model;
  char next = 0;
  for (int step = 0; step < 2000; ++step) {
    const bool pushes = random() % 2 == 0;
    if (pushes) {
      std::string message(random() % 40'000 + 1, '\0');
      for (char& c : message) c = next++;
      queue.push(as_bytes(message));
      sizes.push_back(message.size());
      model += message;
    } else {
      std::size_t size = random() % (queue.bytes() + 1);
      ASSERT_EQ(head_of(queue, size), model.substr(0, size));
      std::uint32_t ended = 0;
      model.erase(0, size);
      const std::uint32_t popped = queue.pop(size);
      while (!sizes.empty() && sizes.front() <= size) {
        size -= sizes.front();
        sizes.pop_front();
        ++ended;
      }
      if (size > 0) sizes.front() -= size;
      ASSERT_EQ(popped, ended);
    }
    ASSERT_EQ(queue.bytes(), model.size());
    ASSERT_EQ(queue.messages(), sizes.size());
  }
}

}  // namespace
}  // namespace spillway::overflow
