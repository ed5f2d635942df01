#include "daemon/overflow/in_flight.hpp"

#include <gtest/gtest.h>

#include <chrono>
#include <cstdint>
#include <deque>
#include <random>

namespace spillway::overflow {
namespace {

static_assert(sizeof(InFlight) <= 24);

TEST(InFlight, IsEmptyBeforeTheFirstAndBehindTheLast) {
  InFlight sends;
  EXPECT_TRUE(sends.empty());
  for (int i = 0; i < 3; ++i) {
    sends.push({TimePoint{}, 10, 1});
    EXPECT_FALSE(sends.empty());
    EXPECT_EQ(sends.pop().bytes, 10U);
    EXPECT_TRUE(sends.empty());
  }
}

TEST(InFlight, KeepsTheOrderWhateverItsDepth) {
  std::mt19937 random{1};
  InFlight sends;
  std::deque<Send> expected;
  std::uint32_t next = 0;
  for (int i = 0; i < 20'000; ++i) {
    const bool grows = i / 100 % 2 == 0 ? random() % 3 > 0 : random() % 3 == 0;
    if (grows) {
      ++next;
      const Send send{TimePoint(std::chrono::nanoseconds(next)), next, next % 7};
      sends.push(send);
      expected.push_back(send);
    } else if (!expected.empty()) {
      const Send popped = sends.pop();
      ASSERT_EQ(popped.bytes, expected.front().bytes);
      ASSERT_EQ(popped.messages, expected.front().messages);
      ASSERT_EQ(popped.accepted, expected.front().accepted);
      expected.pop_front();
    }
    ASSERT_EQ(sends.empty(), expected.empty());
    if (expected.empty()) continue;
    ASSERT_EQ(sends.last().bytes, expected.back().bytes);
    ++sends.last().messages;
    ++expected.back().messages;
  }
}

}  // namespace
}  // namespace spillway::overflow
