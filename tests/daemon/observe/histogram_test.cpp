#include "daemon/observe/histogram.hpp"

#include <gtest/gtest.h>

#include <chrono>
#include <cstdint>

namespace spillway::observe {
namespace {

using namespace std::chrono_literals;

TEST(LatencyHistogram, SaysZeroWithoutASample) {
  const LatencyHistogram histogram;
  EXPECT_EQ(histogram.count(), 0U);
  EXPECT_EQ(histogram.quantile_us(0.5), 0U);
  EXPECT_EQ(histogram.max_us(), 0U);
}

TEST(LatencyHistogram, StaysSmall) { EXPECT_LE(sizeof(LatencyHistogram), 512U); }

TEST(LatencyHistogram, IsAtMostAQuarterTooHighAndNeverTooLow) {
  for (std::uint64_t us = 0; us < 2'000'000; us += us / 7 + 1) {
    LatencyHistogram histogram;
    histogram.record(std::chrono::microseconds(us));
    histogram.record(1h);
    const std::uint64_t median = histogram.quantile_us(0.5);
    EXPECT_GE(median, us);
    EXPECT_LE(median, us + us / 4);
  }
}

TEST(LatencyHistogram, NeverExceedsTheGreatestSample) {
  LatencyHistogram histogram;
  histogram.record(1025us);
  EXPECT_EQ(histogram.quantile_us(0.99), 1025U);
  EXPECT_EQ(histogram.max_us(), 1025U);
}

TEST(LatencyHistogram, TellsTheTailFromTheMiddle) {
  LatencyHistogram histogram;
  for (int i = 0; i < 98; ++i) histogram.record(3us);
  histogram.record(5000us);
  histogram.record(5000us);
  EXPECT_EQ(histogram.quantile_us(0.50), 3U);
  EXPECT_EQ(histogram.quantile_us(0.98), 3U);
  EXPECT_GE(histogram.quantile_us(0.99), 5000U);
}

TEST(LatencyHistogram, TakesWhatNoBucketIsFor) {
  LatencyHistogram histogram;
  histogram.record(-1ns);
  histogram.record(100h);
  EXPECT_EQ(histogram.count(), 2U);
  EXPECT_EQ(histogram.quantile_us(0.5), 0U);
  EXPECT_EQ(histogram.max_us(), 360'000'000'000U);
}

}  // namespace
}  // namespace spillway::observe
