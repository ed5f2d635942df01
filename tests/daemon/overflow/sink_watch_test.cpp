#include "daemon/overflow/sink_watch.hpp"

#include <gtest/gtest.h>

#include <chrono>
#include <random>

namespace spillway::overflow {
namespace {

using std::chrono::milliseconds;
using std::chrono::seconds;
using Finding = SinkWatch::Finding;

constexpr Duration never = Duration::zero();
constexpr TimePoint start{std::chrono::hours(1)};

TEST(SinkWatch, HasNothingToSayOfAWriteableSink) {
  SinkWatch watch({.slow_after = seconds(1), .stall_timeout = seconds(1)});
  EXPECT_FALSE(watch.is_throttled());
  EXPECT_FALSE(watch.is_slow());
  EXPECT_EQ(watch.look(start + seconds(100), 7), Finding::nothing_new);
  EXPECT_FALSE(watch.is_throttled());
  watch.writeable();
  EXPECT_FALSE(watch.is_throttled());
}

TEST(SinkWatch, FindsASlowSinkOncePerEpisode) {
  SinkWatch watch({.slow_after = seconds(1), .stall_timeout = never});
  for (int episode = 0; episode < 3; ++episode) {
    const TimePoint began = start + seconds(100 * episode);
    watch.throttled(began);
    EXPECT_EQ(watch.next_look(), began + seconds(1));
    EXPECT_EQ(watch.look(began + milliseconds(999), 5), Finding::nothing_new);
    EXPECT_FALSE(watch.is_slow());
    EXPECT_EQ(watch.look(began + seconds(1), 5), Finding::slow);
    EXPECT_TRUE(watch.is_slow());
    EXPECT_EQ(watch.next_look(), TimePoint::max()) << "there is nothing left to find";
    EXPECT_EQ(watch.look(began + seconds(50), 5), Finding::nothing_new);
    watch.writeable();
    EXPECT_FALSE(watch.is_slow());
  }
}

TEST(SinkWatch, CountsFromTheFirstMomentInWhichTheSinkWasNotWriteable) {
  SinkWatch watch({.slow_after = seconds(2), .stall_timeout = never});
  watch.throttled(start);
  watch.throttled(start + seconds(1));
  EXPECT_EQ(watch.since(), start);
  EXPECT_EQ(watch.look(start + seconds(2), 0), Finding::slow);
}

TEST(SinkWatch, BeginsAnewWhenTheSinkWasWriteableForAMoment) {
  SinkWatch watch({.slow_after = seconds(2), .stall_timeout = seconds(10)});
  watch.throttled(start);
  watch.look(start + seconds(1), 5);
  watch.writeable();
  watch.throttled(start + seconds(1));
  EXPECT_EQ(watch.look(start + seconds(2), 5), Finding::nothing_new);
  EXPECT_EQ(watch.look(start + seconds(3), 5), Finding::slow);
  EXPECT_EQ(watch.look(start + seconds(11), 5), Finding::nothing_new) << "9s after its first look";
  EXPECT_EQ(watch.look(start + seconds(12), 5), Finding::stalled);
}

TEST(SinkWatch, NeverFindsAStallWithoutATimeout) {
  SinkWatch watch({.slow_after = seconds(1), .stall_timeout = never});
  watch.throttled(start);
  EXPECT_EQ(watch.look(start + seconds(1), 5), Finding::slow);
  EXPECT_EQ(watch.look(start + std::chrono::hours(1000), 5), Finding::nothing_new);
}

TEST(SinkWatch, FindsASlowSinkOnTimeAlthoughItLooksForStallsLessOften) {
  SinkWatch watch({.slow_after = seconds(1), .stall_timeout = std::chrono::hours(1)});
  watch.throttled(start);
  EXPECT_EQ(watch.next_look(), start + seconds(1));
}

TEST(SinkWatch, FindsAStallThatComesBeforeTheSlownessWould) {
  SinkWatch watch({.slow_after = std::chrono::hours(1), .stall_timeout = milliseconds(800)});
  watch.throttled(start);
  EXPECT_EQ(watch.look(start + milliseconds(100), 5), Finding::nothing_new);
  EXPECT_EQ(watch.look(start + milliseconds(899), 5), Finding::nothing_new);
  EXPECT_EQ(watch.look(start + milliseconds(900), 5), Finding::stalled);
}

TEST(SinkWatch, TakesEveryByteForProgress) {
  SinkWatch watch({.slow_after = seconds(1), .stall_timeout = seconds(8)});
  watch.throttled(start);
  std::size_t untaken = 10'000;
  for (TimePoint now = start; untaken > 0; --untaken) {
    now = watch.next_look();
    ASSERT_NE(watch.look(now, untaken), Finding::stalled);
  }
}

// A layer may add protocol bytes of its own to what waits.
TEST(SinkWatch, TakesNoGrowthForProgress) {
  SinkWatch watch({.slow_after = seconds(1), .stall_timeout = seconds(8)});
  watch.throttled(start);
  watch.look(start + seconds(1), 100);
  watch.look(start + seconds(5), 130);
  EXPECT_EQ(watch.look(start + seconds(9), 130), Finding::stalled);
}

TEST(SinkWatch, SeesProgressBehindAGrowth) {
  SinkWatch watch({.slow_after = seconds(1), .stall_timeout = seconds(8)});
  watch.throttled(start);
  watch.look(start + seconds(1), 100);
  watch.look(start + seconds(5), 130);
  watch.look(start + seconds(8), 129);
  EXPECT_EQ(watch.look(start + seconds(9), 129), Finding::nothing_new);
  EXPECT_EQ(watch.look(start + seconds(16), 129), Finding::stalled);
}

/// A sink that takes bytes at random times and stops for good at one, watched by somebody who
/// looks when told to, and now and then for no reason.
class WatchedSink {
 public:
  explicit WatchedSink(unsigned seed) : random_(seed) {
    watch_.throttled(start);
    last_taken_ = start;
    next_take_ = start + some(limits_.stall_timeout);
  }

  /// Until it is found to be stalled.
  void run() {
    for (int looks = 0; looks < 100'000; ++looks) {
      const TimePoint due = watch_.next_look();
      ASSERT_GT(due, now_) << "told to look at once again";
      const bool on_time = random_() % 4 != 0;
      now_ = on_time ? due : now_ + some(due - now_);
      if (look() == Finding::stalled) return check_stall();
    }
    ADD_FAILURE() << "a sink that stopped was never found";
  }

 private:
  Duration some(Duration most) {
    return Duration(1 + static_cast<std::int64_t>(random_()) % most.count());
  }

  Finding look() {
    for (; next_take_ <= now_ && takes_ > 0; --takes_) {
      --untaken_;
      last_taken_ = next_take_;
      // Of which most are shorter than the timeout, and all by so much that a look falls between.
      next_take_ += some(limits_.stall_timeout * 7 / 8);
    }
    const Finding finding = watch_.look(now_, untaken_);
    const bool is_slow = now_ - start >= limits_.slow_after;
    EXPECT_EQ(watch_.is_slow(), found_slow_ || finding == Finding::slow);
    if (finding == Finding::slow) {
      EXPECT_FALSE(found_slow_) << "found twice";
      EXPECT_TRUE(is_slow) << "found too early";
      found_slow_ = true;
    } else if (finding == Finding::nothing_new) {
      EXPECT_EQ(found_slow_, is_slow) << "missed";
    }
    return finding;
  }

  void check_stall() const {
    EXPECT_GE(now_ - last_taken_, limits_.stall_timeout) << "too early";
    EXPECT_LE(now_ - last_taken_, limits_.stall_timeout * 9 / 8) << "too late";
    EXPECT_EQ(takes_, 0) << "while it still took bytes";
  }

  std::mt19937 random_;
  SinkWatch::Limits limits_{.slow_after = some(seconds(4)), .stall_timeout = some(seconds(2))};
  SinkWatch watch_{limits_};
  TimePoint now_ = start;
  TimePoint last_taken_;
  TimePoint next_take_;
  int takes_ = static_cast<int>(random_() % 30);
  std::size_t untaken_ = 1000;
  bool found_slow_ = false;
};

TEST(SinkWatch, IsNeverEarlyAndHardlyLateWithAnySink) {
  for (unsigned seed = 0; seed < 2000; ++seed) {
    SCOPED_TRACE(seed);
    WatchedSink(seed).run();
    if (::testing::Test::HasFailure()) return;
  }
}

}  // namespace
}  // namespace spillway::overflow
