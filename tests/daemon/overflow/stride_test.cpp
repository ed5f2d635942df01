#include "daemon/overflow/stride.hpp"

#include <gtest/gtest.h>

namespace spillway::overflow {
namespace {

TEST(Stride, IsCautiousWithASinkThatIsNotKnownYet) {
  EXPECT_EQ(Stride().limit(), Stride::cautious);
}

TEST(Stride, TrustsASinkThatTookEverythingForAWhile) {
  Stride stride;
  for (int i = 0; i < 3; ++i) stride.took_all(64 * 1024);
  EXPECT_EQ(stride.limit(), Stride::cautious);
  stride.took_all(64 * 1024);
  EXPECT_EQ(stride.limit(), Stride::full);
}

TEST(Stride, TellsWhenItChanges) {
  Stride stride;
  EXPECT_FALSE(stride.left_some());
  for (int i = 0; i < 3; ++i) EXPECT_FALSE(stride.took_all(64 * 1024));
  EXPECT_TRUE(stride.took_all(64 * 1024));
  EXPECT_FALSE(stride.took_all(64 * 1024));
  EXPECT_TRUE(stride.left_some());
  EXPECT_FALSE(stride.left_some());
}

TEST(Stride, IsCautiousAgainFromTheFirstRemainderOn) {
  Stride stride;
  stride.took_all(1024 * 1024);
  stride.left_some();
  EXPECT_EQ(stride.limit(), Stride::cautious);
  stride.took_all(1024);
  EXPECT_EQ(stride.limit(), Stride::cautious);
}

}  // namespace
}  // namespace spillway::overflow
