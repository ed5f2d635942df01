#include "daemon/proxy/deadline.hpp"

#include <gtest/gtest.h>

#include <chrono>

namespace spillway::proxy {
namespace {

using namespace std::chrono_literals;

constexpr TimePoint start{1h};

constexpr config::Timeouts timeouts{.idle = 10s, .half_close = 3s, .lifetime = 1min};

TEST(Deadline, IsNoneWithEverythingOff) {
  const config::Timeouts off{.idle = 0ms, .half_close = 0ms, .lifetime = 0ms};
  const Activity activity{.opened = start, .last_progress = start, .half_closed = start};
  EXPECT_FALSE(next_deadline(off, activity));
}

TEST(Deadline, IsIdleSinceTheLastProgress) {
  const auto deadline =
      next_deadline(timeouts, {.opened = start, .last_progress = start + 5s, .half_closed = {}});
  ASSERT_TRUE(deadline);
  EXPECT_EQ(deadline->at, start + 15s);
  EXPECT_EQ(deadline->name, "idle");
}

TEST(Deadline, IsTheLifetimeWhateverMoves) {
  const auto deadline =
      next_deadline(timeouts, {.opened = start, .last_progress = start + 55s, .half_closed = {}});
  ASSERT_TRUE(deadline);
  EXPECT_EQ(deadline->at, start + 1min);
  EXPECT_EQ(deadline->name, "lifetime");
}

TEST(Deadline, IsHalfCloseSinceTheEndOfOneDirection) {
  const auto deadline = next_deadline(
      timeouts, {.opened = start, .last_progress = start + 1s, .half_closed = start + 2s});
  ASSERT_TRUE(deadline);
  EXPECT_EQ(deadline->at, start + 5s);
  EXPECT_EQ(deadline->name, "half_close");
}

TEST(Deadline, HalfCloseWaitsWhileTheOtherDirectionMoves) {
  const auto deadline = next_deadline(
      timeouts, {.opened = start, .last_progress = start + 30s, .half_closed = start + 2s});
  ASSERT_TRUE(deadline);
  EXPECT_EQ(deadline->at, start + 33s);
  EXPECT_EQ(deadline->name, "half_close");
}

}  // namespace
}  // namespace spillway::proxy
