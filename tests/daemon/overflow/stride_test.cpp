#include "daemon/overflow/stride.hpp"

#include <gtest/gtest.h>

namespace spillway::overflow {
namespace {

std::size_t all_acknowledged() { return 0; }

TEST(Stride, IsCautiousWithASinkThatIsNotKnownYet) {
  EXPECT_EQ(Stride().limit(), Stride::cautious);
}

TEST(Stride, TrustsASinkThatTookEverythingForAWhile) {
  Stride stride;
  for (int i = 0; i < 3; ++i) stride.took_all(64 * 1024, all_acknowledged);
  EXPECT_EQ(stride.limit(), Stride::cautious);
  stride.took_all(64 * 1024, all_acknowledged);
  EXPECT_EQ(stride.limit(), Stride::full);
}

TEST(Stride, TellsWhenItChanges) {
  Stride stride;
  EXPECT_FALSE(stride.left_some());
  for (int i = 0; i < 3; ++i) EXPECT_FALSE(stride.took_all(64 * 1024, all_acknowledged));
  EXPECT_TRUE(stride.took_all(64 * 1024, all_acknowledged));
  EXPECT_FALSE(stride.took_all(64 * 1024, all_acknowledged));
  EXPECT_TRUE(stride.left_some());
  EXPECT_FALSE(stride.left_some());
}

TEST(Stride, IsCautiousAgainFromTheFirstRemainderOn) {
  Stride stride;
  stride.took_all(1024 * 1024, all_acknowledged);
  stride.left_some();
  EXPECT_EQ(stride.limit(), Stride::cautious);
  stride.took_all(1024, all_acknowledged);
  EXPECT_EQ(stride.limit(), Stride::cautious);
}

TEST(Stride, TakesForNoProofWhatTheSystemOnlyHolds) {
  Stride stride;
  std::size_t sent = 0;
  // A peer that reads nothing: its system has taken 128 KiB, and no more.
  const auto untaken = [&sent] { return sent < 128 * 1024 ? 0 : sent - 128 * 1024; };
  for (int i = 0; i < 64; ++i) {
    sent += 64 * 1024;
    EXPECT_FALSE(stride.took_all(64 * 1024, untaken)) << sent;
  }
  EXPECT_EQ(stride.limit(), Stride::cautious);
  EXPECT_FALSE(stride.left_some());
}

TEST(Stride, SeesThatAPeerFarAwayReads) {
  Stride stride;
  const auto on_the_way = [] { return std::size_t{1024 * 1024}; };
  std::size_t sent = 0;
  for (bool trusted = false; !trusted; sent += 64 * 1024) {
    ASSERT_LE(sent, 2U * 1024 * 1024);
    trusted = stride.took_all(64 * 1024, on_the_way);
  }
  EXPECT_EQ(sent, 1280U * 1024);
}

TEST(Stride, NeedsNoSecondProof) {
  Stride stride;
  stride.took_all(1024 * 1024, all_acknowledged);
  stride.left_some();
  for (int i = 0; i < 3; ++i) stride.took_all(64 * 1024, all_acknowledged);
  EXPECT_TRUE(stride.took_all(64 * 1024, []() -> std::size_t { throw "asked"; }));
}

}  // namespace
}  // namespace spillway::overflow
