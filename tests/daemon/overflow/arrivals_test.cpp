#include "daemon/overflow/arrivals.hpp"

#include <gtest/gtest.h>

#include <chrono>
#include <cstdint>
#include <deque>
#include <random>
#include <vector>

namespace spillway::overflow {

// What the expectations below compare.
static bool operator==(const Arrival& left, const Arrival& right) {
  return left.at == right.at && left.bytes == right.bytes && left.messages == right.messages;
}

namespace {

using std::chrono::nanoseconds;

constexpr std::size_t limit = 64 * 1024;
constexpr std::size_t most_arrivals = limit / 4 / sizeof(Arrival);

TimePoint at(std::int64_t time) { return TimePoint(nanoseconds(time)); }

std::vector<Arrival> pop(Arrivals& arrivals, std::size_t bytes, std::size_t messages) {
  std::vector<Arrival> left;
  arrivals.pop(bytes, messages, [&left](const Arrival& share) { left.push_back(share); });
  return left;
}

TEST(Arrivals, LeaveOldestFirst) {
  Arrivals arrivals(limit);
  EXPECT_TRUE(arrivals.empty());
  arrivals.push({at(1), 10, 1});
  arrivals.push({at(2), 20, 2});
  EXPECT_EQ(arrivals.oldest(), (Arrival{at(1), 10, 1}));
  EXPECT_EQ(pop(arrivals, 30, 3), (std::vector<Arrival>{{at(1), 10, 1}, {at(2), 20, 2}}));
  EXPECT_TRUE(arrivals.empty());
}

TEST(Arrivals, OfOneTimeAreOne) {
  Arrivals arrivals(limit);
  arrivals.push({at(1), 10, 1});
  arrivals.push({at(1), 5, 1});
  EXPECT_EQ(pop(arrivals, 15, 2), (std::vector<Arrival>{{at(1), 15, 2}}));
}

// A read of many messages is one arrival, and a send may take only some of them.
TEST(Arrivals, GiveUpTheMessagesOfTheBytesThatLeave) {
  Arrivals arrivals(limit);
  arrivals.push({at(1), 30, 3});
  EXPECT_EQ(pop(arrivals, 20, 2), (std::vector<Arrival>{{at(1), 20, 2}}));
  EXPECT_EQ(arrivals.oldest(), (Arrival{at(1), 10, 1}));
  EXPECT_EQ(pop(arrivals, 10, 1), (std::vector<Arrival>{{at(1), 10, 1}}));
}

TEST(Arrivals, KeepAMessageUntilItsLastByteLeaves) {
  Arrivals arrivals(limit);
  arrivals.push({at(1), 10, 1});
  arrivals.push({at(2), 10, 1});
  EXPECT_EQ(pop(arrivals, 13, 1), (std::vector<Arrival>{{at(1), 10, 1}, {at(2), 3, 0}}));
  EXPECT_EQ(arrivals.oldest(), (Arrival{at(2), 7, 1}));
}

TEST(Arrivals, ForgetEverythingWhenCleared) {
  Arrivals arrivals(limit);
  arrivals.push({at(1), 10, 1});
  arrivals.clear();
  EXPECT_TRUE(arrivals.empty());
  EXPECT_EQ(arrivals.messages_within(100), 0U);
}

TEST(Arrivals, TellHowManyMessagesLeaveWholeWithTheNextBytes) {
  Arrivals arrivals(limit);
  arrivals.push({at(1), 10, 1});
  arrivals.push({at(2), 10, 2});
  EXPECT_EQ(arrivals.messages_within(0), 0U);
  EXPECT_EQ(arrivals.messages_within(9), 0U);
  EXPECT_EQ(arrivals.messages_within(10), 1U);
  EXPECT_EQ(arrivals.messages_within(19), 1U);
  EXPECT_EQ(arrivals.messages_within(20), 3U);
  EXPECT_EQ(arrivals.messages_within(1000), 3U);
}

TEST(Arrivals, AreBoundedWhateverArrives) {
  Arrivals arrivals(limit);
  constexpr std::size_t count = 1'000'000;
  for (std::size_t i = 0; i < count; ++i) arrivals.push({at(static_cast<int>(i)), 1, 1});
  const auto left = pop(arrivals, count, count);
  EXPECT_LE(left.size(), most_arrivals);
  EXPECT_GE(left.size(), most_arrivals / 4) << "thinned out more than needed";
  for (const Arrival& one : left) ASSERT_LE(one.bytes, 5 * count / most_arrivals);
}

TEST(Arrivals, OfATinyQueueAreBoundedToo) {
  Arrivals arrivals(0);
  for (int i = 0; i < 10'000; ++i) arrivals.push({at(i), 1, 1});
  const auto left = pop(arrivals, 10'000, 10'000);
  EXPECT_GE(left.size(), 32U);
  EXPECT_LE(left.size(), 128U);
}

// Thinning loses nothing, keeps the order, and makes nothing older than it is.
TEST(Arrivals, ThatBecomeOneCountFromTheYoungersTime) {
  for (unsigned seed = 0; seed < 20; ++seed) {
    std::mt19937 random(seed);
    const auto some = [&random](std::uint32_t most) {
      return static_cast<std::uint32_t>(random() % most);
    };
    Arrivals arrivals(limit);
    std::deque<Arrival> pushed;
    std::size_t bytes = 0;
    std::size_t messages = 0;
    const std::size_t count = random() % 5000 + 1;
    for (std::size_t i = 0; i < count; ++i) {
      pushed.push_back({at(static_cast<int>(i * 10)), some(100) + 1, some(5)});
      arrivals.push(pushed.back());
      bytes += pushed.back().bytes;
      messages += pushed.back().messages;
    }
    EXPECT_EQ(arrivals.messages_within(bytes), messages);
    for (const Arrival& one : pop(arrivals, bytes, messages)) {
      Arrival sum{pushed.front().at, 0, 0};
      while (sum.bytes < one.bytes) {
        sum = {pushed.front().at, sum.bytes + pushed.front().bytes,
               sum.messages + pushed.front().messages};
        pushed.pop_front();
      }
      ASSERT_EQ(one, sum);
    }
    EXPECT_TRUE(pushed.empty());
    EXPECT_TRUE(arrivals.empty());
  }
}

// As a queue uses them: everything that goes in comes out, while they are thinned out again and
// again. Messages are of one byte, so that any pop takes whole ones.
TEST(Arrivals, LoseNothingThroughAnyMixOfPushAndPop) {
  std::mt19937 random(7);
  Arrivals arrivals(0);
  std::deque<TimePoint> model;  // when each byte arrived
  std::int64_t now = 0;
  for (std::size_t step = 0; step < 20'000; ++step) {
    if (random() % 5 != 0) {
      now += static_cast<std::int64_t>(random() % 3);
      const auto size = static_cast<std::uint32_t>(random() % 20 + 1);
      arrivals.push({at(now), size, size});
      model.insert(model.end(), size, at(now));
    } else {
      const std::size_t size = random() % (model.size() + 1) / (step % 7 + 1);
      std::size_t left = 0;
      TimePoint last = TimePoint::min();
      for (const Arrival& share : pop(arrivals, size, size)) {
        ASSERT_EQ(share.bytes, share.messages);
        ASSERT_GE(share.at, last);
        left += share.bytes;
        last = share.at;
        ASSERT_GE(share.at, model[left - 1]);
        ASSERT_LE(share.at, model.back());
      }
      ASSERT_EQ(left, size);
      model.erase(model.begin(), model.begin() + static_cast<std::ptrdiff_t>(size));
    }
    ASSERT_EQ(arrivals.empty(), model.empty());
    ASSERT_EQ(arrivals.messages_within(model.size()), model.size());
  }
}

}  // namespace
}  // namespace spillway::overflow
