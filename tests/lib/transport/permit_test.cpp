#include "transport/permit.hpp"

#include <gtest/gtest.h>

#include <memory>
#include <utility>

namespace spillway {
namespace {

TEST(Permit, CountsWhileItLives) {
  const auto count = std::make_shared<PermitCount>(0, nullptr);
  {
    Permit first(count);
    const Permit second(count);
    EXPECT_EQ(count->out(), 2U);
    const Permit moved(std::move(first));
    EXPECT_EQ(count->out(), 2U);
  }
  EXPECT_EQ(count->out(), 0U);
}

TEST(Permit, IsExhaustedAtTheLimitAndNeverWithoutOne) {
  const auto limited = std::make_shared<PermitCount>(1, nullptr);
  const auto unlimited = std::make_shared<PermitCount>(0, nullptr);
  const Permit first(limited);
  const Permit second(unlimited);
  EXPECT_TRUE(limited->exhausted());
  EXPECT_FALSE(unlimited->exhausted());
}

TEST(Permit, TellsOfItsReturnAfterItIsCounted) {
  std::shared_ptr<PermitCount> count;
  std::size_t out_when_told = 99;
  count = std::make_shared<PermitCount>(1, [&] { out_when_told = count->out(); });
  { const Permit permit(count); }
  EXPECT_EQ(out_when_told, 0U);
}

TEST(Permit, ReturnsQuietlyWhenItsGiverIsGone) {
  int told = 0;
  auto count = std::make_shared<PermitCount>(1, [&] { ++told; });
  auto permit = std::make_unique<Permit>(count);
  count->disown();
  count.reset();
  permit.reset();
  EXPECT_EQ(told, 0);
}

}  // namespace
}  // namespace spillway
