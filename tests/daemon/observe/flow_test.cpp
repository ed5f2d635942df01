#include "daemon/observe/flow_figures.hpp"

#include <gtest/gtest.h>

#include <array>
#include <bit>
#include <chrono>
#include <cstdint>

namespace spillway::observe {
namespace {

using namespace std::chrono_literals;

// Every member is 64 bits wide: seen as words, none can be forgotten.
using Words = std::array<std::uint64_t, sizeof(FlowCounters) / sizeof(std::uint64_t)>;

Words words_of(const FlowCounters& counters) { return std::bit_cast<Words>(counters); }

/// `factor`, twice `factor`, and so on.
FlowCounters counters_of(std::uint64_t factor) {
  Words words;
  for (std::size_t i = 0; i < words.size(); ++i) words[i] = factor * (i + 1);
  return std::bit_cast<FlowCounters>(words);
}

TEST(FlowCounters, AddsEachToItsOwn) {
  FlowCounters sum = counters_of(100);
  sum += counters_of(3);
  EXPECT_EQ(words_of(sum), words_of(counters_of(103)));
}

TEST(FlowCounters, SubtractsEachFromItsOwn) {
  FlowCounters difference = counters_of(103);
  difference -= counters_of(100);
  EXPECT_EQ(words_of(difference), words_of(counters_of(3)));
}

TEST(FlowCounters, DoesNotContinueWhereAnyFell) {
  const FlowCounters before = counters_of(2);
  EXPECT_TRUE(before.continues(before));
  EXPECT_TRUE(counters_of(3).continues(before));
  for (std::size_t i = 0; i < Words().size(); ++i) {
    Words words = words_of(counters_of(3));
    words[i] = 1;
    EXPECT_FALSE(std::bit_cast<FlowCounters>(words).continues(before)) << "word " << i;
  }
}

TEST(FlowCounters, CountsDropsOfEveryKind) {
  const FlowCounters counters = {.dropped_by_policy = {.messages = 1, .bytes = 10},
                                 .dropped_by_age = {.messages = 2, .bytes = 200},
                                 .dropped_partial = {.messages = 4, .bytes = 3000}};
  EXPECT_EQ(counters.dropped_messages(), 7U);
  EXPECT_EQ(counters.dropped_bytes(), 3210U);
}

TEST(FlowCounters, HaveInTransitWhatIsNowhereElse) {
  const FlowCounters counters = {.bytes_in = 1000,
                                 .bytes_out = 100,
                                 .dropped_by_policy = {.bytes = 20},
                                 .dropped_partial = {.bytes = 30},
                                 .unsent_bytes = 40};
  EXPECT_EQ(counters.in_transit_bytes(), 810U);
}

FlowMetrics metrics_of(std::uint64_t factor) {
  FlowMetrics metrics;
  metrics.counters.bytes_in = factor;
  metrics.send_latency.record(std::chrono::microseconds(factor));
  metrics.queue_latency.record(std::chrono::microseconds(2 * factor));
  metrics.queued_bytes = 10 * factor;
  metrics.queued_messages = 20 * factor;
  metrics.throttled = 30 * factor;
  metrics.slow = 40 * factor;
  return metrics;
}

TEST(FlowMetrics, AddsUpEverythingButPeaks) {
  FlowMetrics sum = metrics_of(1);
  sum += metrics_of(2);
  EXPECT_EQ(sum.counters.bytes_in, 3U);
  EXPECT_EQ(sum.send_latency.count(), 2U);
  EXPECT_EQ(sum.send_latency.max_us(), 2U);
  EXPECT_EQ(sum.queue_latency.count(), 2U);
  EXPECT_EQ(sum.queue_latency.max_us(), 4U);
  EXPECT_EQ(sum.queued_bytes, 30U);
  EXPECT_EQ(sum.queued_messages, 60U);
  EXPECT_EQ(sum.throttled, 90U);
  EXPECT_EQ(sum.slow, 120U);
}

// A peak is that of one session.
TEST(FlowMetrics, KeepsTheHigherPeak) {
  FlowMetrics sum;
  FlowMetrics loop;
  sum.queue_peak = 7;
  sum.recent_queue_peak = 3;
  loop.queue_peak = 5;
  loop.recent_queue_peak = 4;
  sum += loop;
  EXPECT_EQ(sum.queue_peak, 7U);
  EXPECT_EQ(sum.recent_queue_peak, 4U);
}

TEST(FlowMetrics, IsSendingWhatIsInTransitAndNotQueued) {
  FlowMetrics metrics;
  metrics.counters = {.bytes_in = 1000, .bytes_out = 100};
  metrics.queued_bytes = 300;
  EXPECT_EQ(metrics.sending_bytes(), 600U);
}

TEST(FlowFigures, HasNotSentWhatIsNeitherOutNorDropped) {
  FlowFigures figures;
  figures.counters = {.bytes_in = 100, .bytes_out = 60, .dropped_by_age = {.bytes = 15}};
  EXPECT_EQ(figures.unsent(), 25U);
}

TEST(Direction, IsSaidAsTheConfigurationDoes) {
  EXPECT_EQ(to_string(Direction::to_client), "to_client");
  EXPECT_EQ(to_string(Direction::to_upstream), "to_upstream");
}

}  // namespace
}  // namespace spillway::observe
