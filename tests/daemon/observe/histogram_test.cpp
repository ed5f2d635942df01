#include "daemon/observe/histogram.hpp"

#include <gtest/gtest.h>

#include <chrono>
#include <cstddef>
#include <cstdint>
#include <limits>
#include <random>

namespace spillway::observe {
namespace {

using namespace std::chrono_literals;

TEST(LatencyHistogram, SaysZeroWithoutASample) {
  const LatencyHistogram histogram;
  EXPECT_EQ(histogram.count(), 0U);
  EXPECT_EQ(histogram.quantile_us(0.5), 0U);
  EXPECT_EQ(histogram.max_us(), 0U);
}

TEST(LatencyHistogram, StaysSmall) { EXPECT_LE(sizeof(LatencyHistogram), 48U); }

// Whether its samples fall into few buckets or into many, and whether one is full.
TEST(LatencyHistogram, SaysTheSameAsOneThatHasAllBucketsFromTheBeginning) {
  std::mt19937 random{1};
  for (int i = 0; i < 500; ++i) {
    LatencyHistogram histogram;
    BasicLatencyHistogram<std::uint32_t> full;
    const auto kinds = 1 + random() % 12;
    const bool in_masses = random() % 4 == 0;
    const auto records = random() % 100;
    for (std::size_t n = 0; n < records; ++n) {
      const LatencySample sample = std::chrono::nanoseconds(std::uint64_t{700} << random() % kinds);
      const std::uint64_t times = in_masses ? random() : random() % 3;
      histogram.record(sample, times);
      full.record(sample, times);
      ASSERT_EQ(histogram.count(), full.count());
      ASSERT_EQ(histogram.max_us(), full.max_us());
      for (const double share : {0.0, 0.5, 0.9, 0.99, 1.0}) {
        ASSERT_EQ(histogram.quantile_us(share), full.quantile_us(share));
      }
    }
  }
}

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

TEST(LatencyHistogram, RecordsManyAtOnce) {
  LatencyHistogram histogram;
  histogram.record(3us, 98);
  histogram.record(5000us, 2);
  EXPECT_EQ(histogram.count(), 100U);
  EXPECT_EQ(histogram.quantile_us(0.98), 3U);
  EXPECT_GE(histogram.quantile_us(0.99), 5000U);
}

TEST(LatencyHistogram, KnowsNothingOfWhatHappenedNoTimes) {
  LatencyHistogram histogram;
  histogram.record(5000us, 0);
  EXPECT_EQ(histogram.count(), 0U);
  EXPECT_EQ(histogram.max_us(), 0U);
}

constexpr std::uint64_t room = std::numeric_limits<std::uint32_t>::max();

TEST(LatencyHistogram, KeepsItsQuantilesWhenABucketIsFull) {
  LatencyHistogram histogram;
  histogram.record(3us, room);
  histogram.record(7us, room / 8);
  histogram.record(3us);
  EXPECT_LE(histogram.count(), room);
  EXPECT_EQ(histogram.quantile_us(0.5), 3U);
  EXPECT_EQ(histogram.quantile_us(0.88), 3U);
  EXPECT_EQ(histogram.quantile_us(0.90), 7U);
  EXPECT_EQ(histogram.max_us(), 7U);
}

TEST(LatencyHistogram, CountsTheSampleThatFoundABucketFull) {
  LatencyHistogram histogram;
  histogram.record(3us, room);
  histogram.record(3us);
  EXPECT_EQ(histogram.count(), room / 2 + 1);
}

TEST(LatencyHistogram, TakesMoreAtOnceThanABucketHolds) {
  LatencyHistogram histogram;
  histogram.record(3us, 100);
  histogram.record(7us, std::numeric_limits<std::uint64_t>::max());
  EXPECT_EQ(histogram.quantile_us(0.5), 7U);
  EXPECT_EQ(histogram.max_us(), 7U);
}

TEST(RouteLatencyHistogram, CountsFurtherThanASessionCan) {
  RouteLatencyHistogram histogram;
  histogram.record(3us, 3 * room);
  histogram.record(7us, room);
  EXPECT_EQ(histogram.count(), 4 * room);
  EXPECT_EQ(histogram.quantile_us(0.75), 3U);
  EXPECT_EQ(histogram.quantile_us(0.76), 7U);
}

TEST(RouteLatencyHistogram, HasTheQuantilesOfAllThatWasAdded) {
  RouteLatencyHistogram sum;
  RouteLatencyHistogram fast;
  RouteLatencyHistogram slow;
  fast.record(3us, 98);
  slow.record(1025us, 2);
  sum += fast;
  sum += slow;
  EXPECT_EQ(sum.count(), 100U);
  EXPECT_EQ(sum.quantile_us(0.98), 3U);
  EXPECT_EQ(sum.quantile_us(0.99), 1025U);
  EXPECT_EQ(sum.max_us(), 1025U);
}

class HistogramDifference : public ::testing::Test {
 protected:
  void look() { before = now; }
  [[nodiscard]] RouteLatencyHistogram since_look() const {
    RouteLatencyHistogram difference = now;
    difference -= before;
    return difference;
  }

  RouteLatencyHistogram before;
  RouteLatencyHistogram now;
};

TEST_F(HistogramDifference, HasOnlyWhatCameLater) {
  now.record(5000us, 90);
  look();
  now.record(3us, 9);
  now.record(6000us);
  EXPECT_EQ(since_look().count(), 10U);
  EXPECT_EQ(since_look().quantile_us(0.9), 3U);
  EXPECT_EQ(since_look().quantile_us(0.99), 6000U);
}

TEST_F(HistogramDifference, OfNothingIsEmpty) {
  now.record(5000us, 90);
  look();
  EXPECT_EQ(since_look().count(), 0U);
  EXPECT_EQ(since_look().quantile_us(0.99), 0U);
  EXPECT_EQ(since_look().max_us(), 0U);
}

TEST_F(HistogramDifference, SinceTheStartIsAllOfIt) {
  now.record(5000us, 90);
  EXPECT_EQ(since_look().count(), 90U);
  EXPECT_EQ(since_look().max_us(), 5000U);
}

TEST_F(HistogramDifference, ForgetsAnOlderMaximum) {
  now.record(5s);
  look();
  for (std::uint64_t us = 1; us < 2'000'000; us += us / 7 + 1) {
    look();
    now.record(std::chrono::microseconds(us));
    EXPECT_GE(since_look().max_us(), us);
    EXPECT_LE(since_look().max_us(), us + us / 4);
  }
}

TEST_F(HistogramDifference, KeepsANewMaximumExact) {
  now.record(1024us);
  look();
  now.record(1025us);
  EXPECT_EQ(since_look().max_us(), 1025U);
}

TEST_F(HistogramDifference, KeepsAMaximumBeyondTheLastBucket) {
  now.record(100h);
  look();
  now.record(50h);
  EXPECT_EQ(since_look().max_us(), 360'000'000'000U);
}

TEST_F(HistogramDifference, IsOnlyThatOfAnEarlierState) {
  now.record(3us, 2);
  look();
  now.record(5us);
  EXPECT_TRUE(now.continues(before));
  EXPECT_TRUE(now.continues(now));
  EXPECT_FALSE(before.continues(now));
}

TEST(RouteLatencyHistogram, KnowsTheSumAndWhatIsBelowABucket) {
  RouteLatencyHistogram first;
  first.record(std::chrono::microseconds(3), 2);
  RouteLatencyHistogram second = first;
  second.record(std::chrono::microseconds(1000));
  EXPECT_EQ(second.sum_us(), 1006U);
  EXPECT_EQ(second.count_up_to(LatencySample(std::chrono::microseconds(999)).bucket() - 1), 2U);
  EXPECT_EQ(second.count_up_to(LatencySample::buckets - 1), 3U);
  second += first;
  EXPECT_EQ(second.sum_us(), 1012U);
  second -= first;
  EXPECT_EQ(second.sum_us(), 1006U);
}

}  // namespace
}  // namespace spillway::observe
