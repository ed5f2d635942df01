#include "daemon/overflow/memory_limit.hpp"

#include <gtest/gtest.h>

#include <atomic>
#include <barrier>
#include <cstdint>
#include <random>
#include <thread>
#include <vector>

namespace spillway::overflow {
namespace {

constexpr std::size_t mebibyte = 1024 * 1024;
constexpr std::size_t step = 16 * 1024;  // of a limit that is not small

class MemoryLimitTest : public ::testing::Test {
 protected:
  MemoryLimit limit_{4 * mebibyte, [this] { ++alarms_; }};
  MemoryAccount account_{limit_};
  std::atomic<int> alarms_{0};
};

TEST_F(MemoryLimitTest, AllowsWhatItSaysAndNotAByteMore) {
  account_.add(4 * mebibyte);
  EXPECT_FALSE(limit_.is_exceeded());
  EXPECT_EQ(alarms_, 0);
  account_.add(1);
  account_.pass_on();
  EXPECT_TRUE(limit_.is_exceeded());
  EXPECT_EQ(alarms_, 1);
}

TEST_F(MemoryLimitTest, SoundsTheAlarmOnceUntilItIsRearmed) {
  account_.add(5 * mebibyte);
  account_.add(mebibyte);
  EXPECT_EQ(alarms_, 1);
  limit_.rest();
  EXPECT_EQ(alarms_, 1) << "only when more is counted";
  account_.add(step);
  EXPECT_EQ(alarms_, 2);
}

// Passed again before it could sound: whoever rearms it has to know.
TEST_F(MemoryLimitTest, TellsWhoRearmsItThatTheLimitIsPassed) {
  account_.add(6 * mebibyte);
  EXPECT_TRUE(limit_.rearm());
  account_.add(mebibyte);
  EXPECT_EQ(alarms_, 1) << "sounded by the answer";
  account_.remove(7 * mebibyte);
  EXPECT_FALSE(limit_.rearm());
}

TEST_F(MemoryLimitTest, StaysSilentWhenLessIsCountedThoughItIsStillTooMuch) {
  account_.add(6 * mebibyte);
  limit_.rearm();
  account_.remove(mebibyte);
  EXPECT_TRUE(limit_.is_exceeded());
  EXPECT_EQ(alarms_, 1);
}

TEST_F(MemoryLimitTest, SoundsAgainInTheNextEpisodeOnlyIfItWasRearmed) {
  account_.add(5 * mebibyte);
  account_.remove(5 * mebibyte);
  account_.add(5 * mebibyte);
  EXPECT_EQ(alarms_, 1);
  account_.remove(5 * mebibyte);
  limit_.rearm();
  EXPECT_FALSE(limit_.is_exceeded());
  account_.add(5 * mebibyte);
  EXPECT_EQ(alarms_, 2);
}

TEST_F(MemoryLimitTest, CountsTheAccountsOfAllLoops) {
  MemoryAccount other(limit_);
  account_.add(3 * mebibyte);
  other.add(2 * mebibyte);
  EXPECT_EQ(limit_.total(), 5 * mebibyte);
  EXPECT_EQ(alarms_, 1);
  account_.remove(3 * mebibyte);
  EXPECT_FALSE(limit_.is_exceeded());
}

TEST_F(MemoryLimitTest, PassesOnInSteps) {
  account_.add(step - 1);
  EXPECT_EQ(limit_.total(), 0U);
  account_.add(1);
  EXPECT_EQ(limit_.total(), step);
  account_.remove(step - 1);
  EXPECT_EQ(limit_.total(), step);
  account_.remove(1);
  EXPECT_EQ(limit_.total(), 0U);
}

TEST_F(MemoryLimitTest, PassesOnTheRestWhenAsked) {
  account_.add(100);
  account_.pass_on();
  EXPECT_EQ(limit_.total(), 100U);
  account_.pass_on();
  EXPECT_EQ(limit_.total(), 100U);
}

TEST_F(MemoryLimitTest, IsNotToldOfWhatComesAndGoesAtOnce) {
  for (int i = 0; i < 1000; ++i) {
    account_.add(step - 1);
    account_.remove(step - 1);
  }
  EXPECT_EQ(limit_.total(), 0U);
}

// Bytes are queued by one loop's account and never given back by another's, but what was kept back
// may let the one fall below nothing before the other has told.
TEST_F(MemoryLimitTest, IsNeverLessThanNothing) {
  account_.remove(step);
  EXPECT_EQ(limit_.total(), 0U);
  EXPECT_FALSE(limit_.is_exceeded());
}

TEST(MemoryLimit, MeansWhatItSaysWhenItIsSmall) {
  int alarms = 0;
  MemoryLimit limit(10, [&alarms] { ++alarms; });
  MemoryAccount account(limit);
  for (std::size_t i = 1; i <= 10; ++i) {
    account.add(1);
    EXPECT_EQ(limit.total(), i);
  }
  EXPECT_EQ(alarms, 0);
  account.add(1);
  EXPECT_EQ(alarms, 1);
}

TEST(MemoryLimit, StepsArePartOfTheLimit) {
  MemoryLimit limit(256 * 100, [] {});
  MemoryAccount account(limit);
  account.add(99);
  EXPECT_EQ(limit.total(), 0U);
  account.add(1);
  EXPECT_EQ(limit.total(), 100U);
}

TEST(MemoryLimit, CountsNothingWithoutALimit) {
  int alarms = 0;
  MemoryLimit limit(0, [&alarms] { ++alarms; });
  MemoryAccount account(limit);
  account.add(1000 * mebibyte);
  account.pass_on();
  EXPECT_EQ(limit.total(), 0U);
  EXPECT_FALSE(limit.is_exceeded());
  EXPECT_EQ(alarms, 0);
}

// Each loop queues and lets go of a random walk, and all of it in the end.
TEST(MemoryLimit, CountsRightlyFromManyThreads) {
  constexpr int loops = 8;
  MemoryLimit limit(1000 * mebibyte, [] { FAIL() << "nobody queued that much"; });
  std::barrier together(loops);
  std::vector<std::jthread> threads;
  std::atomic<std::size_t> remaining{0};
  for (int loop = 0; loop < loops; ++loop) {
    threads.emplace_back([&limit, &together, &remaining, loop] {
      std::mt19937 random(static_cast<unsigned>(loop));
      MemoryAccount account(limit);
      std::size_t queued = 0;
      together.arrive_and_wait();
      for (int i = 0; i < 20'000; ++i) {
        const std::size_t size = random() % (2 * step);
        if (random() % 2 == 0 && queued < mebibyte) {
          account.add(size);
          queued += size;
        } else {
          account.remove(std::min(size, queued));
          queued -= std::min(size, queued);
        }
      }
      account.pass_on();
      remaining += queued;
    });
  }
  threads.clear();
  EXPECT_EQ(limit.total(), remaining);
}

TEST(MemoryLimit, SoundsOneAlarmAlthoughManyThreadsPassItAtOnce) {
  constexpr int loops = 8;
  for (int round = 0; round < 50; ++round) {
    std::atomic<int> alarms{0};
    MemoryLimit limit(mebibyte, [&alarms] { ++alarms; });
    std::barrier together(loops);
    std::vector<std::jthread> threads;
    for (int loop = 0; loop < loops; ++loop) {
      threads.emplace_back([&limit, &together] {
        MemoryAccount account(limit);
        together.arrive_and_wait();
        for (int i = 0; i < 16; ++i) account.add(mebibyte / 16);
      });
    }
    threads.clear();
    EXPECT_EQ(alarms, 1);
    EXPECT_EQ(limit.total(), loops * mebibyte);
  }
}

}  // namespace
}  // namespace spillway::overflow
