#include "daemon/observe/metrics_table.hpp"

#include <gtest/gtest.h>

namespace spillway::observe {
namespace {

TEST(MetricsTable, AddsUpTheLoopsOfEachRoute) {
  MetricsTable first;
  first["feed"].sessions = 1;
  first["feed"].sessions_opened = 10;
  first["feed"].has_upstream = true;
  first["feed"].connect_failures.count(FailureReason::refused);
  first["feed"].to_client.counters.bytes_in = 100;
  first["feed"].to_upstream.counters.bytes_in = 1000;
  MetricsTable second = first;
  second["echo"].sessions = 5;

  MetricsTable sum;
  sum += first;
  sum += second;
  ASSERT_EQ(sum.size(), 2U);
  EXPECT_EQ(sum["feed"].sessions, 2U);
  EXPECT_EQ(sum["feed"].sessions_opened, 20U);
  EXPECT_TRUE(sum["feed"].has_upstream);
  EXPECT_EQ(sum["feed"].connect_failures.of(FailureReason::refused), 2U);
  EXPECT_EQ(sum["feed"].to_client.counters.bytes_in, 200U);
  EXPECT_EQ(sum["feed"].to_upstream.counters.bytes_in, 2000U);
  EXPECT_EQ(sum["echo"].sessions, 5U);
  EXPECT_FALSE(sum["echo"].has_upstream);
}

}  // namespace
}  // namespace spillway::observe
