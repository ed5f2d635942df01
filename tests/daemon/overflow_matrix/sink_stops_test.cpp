// A sink that stops reading, for good.
#include "tests/daemon/overflow_matrix/matrix_test.hpp"

#include <chrono>
#include <string>

namespace spillway::testing {
namespace {

using namespace std::chrono_literals;
using config::OverflowPolicy;

class SinkStops : public MatrixTest {
 protected:
  /// Lets it stand until it is closed. Returns the seconds that took, at most so many.
  std::chrono::seconds wait_for_the_end(std::chrono::seconds most) {
    auto waited = 0s;
    while (!is_over() && waited < most) {
      advance(1s);
      waited += 1s;
    }
    return waited;
  }
};

INSTANTIATE_TEST_SUITE_P(Matrix, SinkStops, ::testing::ValuesIn(all_cells()), cell_name);

TEST_P(SinkStops, CostsWhatItsPolicySays) {
  open_and_overflow();
  switch (cell().policy) {
    case OverflowPolicy::pause:
      EXPECT_FALSE(source().is_read());
      EXPECT_EQ(counters().pauses, 1U);
      EXPECT_EQ(counters().dropped_bytes(), 0U);
      EXPECT_LT(source().said(), 2 * queue);
      break;
    case OverflowPolicy::drop_newest:
    case OverflowPolicy::drop_oldest:
      EXPECT_TRUE(source().is_read());
      EXPECT_EQ(counters().pauses, 0U);
      EXPECT_GT(counters().dropped_by_policy.messages, 0U);
      EXPECT_GT(flow().queue_peak, queue - max_message);
      break;
    case OverflowPolicy::close:
      expect_cut_short("OD overflow slow_consumer");
      EXPECT_EQ(counters().closed_slow_consumer, 1U);
      EXPECT_GT(counters().unsent_bytes, 0U);
      EXPECT_EQ(value(log().only("slow_consumer_closed"), "reason"), "slow_consumer");
      EXPECT_TRUE(source().was_reset());
      EXPECT_TRUE(sink().was_reset());
  }
  expect_order();
}

// A minute and the eighth by which a look may come late, after the last byte that it took.
TEST_P(SinkStops, IsClosedWhenItTakesNothingForTheStallTimeout) {
  overflow().stall_timeout = 60s;
  open_and_fill();
  const auto waited = wait_for_the_end(5min);
  EXPECT_GE(waited, 60s);
  EXPECT_LE(waited, 69s);
  expect_cut_short("OD overflow stalled");
  EXPECT_EQ(counters().closed_stalled, 1U);
  EXPECT_EQ(log().count("slow_consumer"), 1U);
  EXPECT_EQ(log().count("slow_consumer_recovered"), 0U);
  EXPECT_EQ(value(log().only("slow_consumer_closed"), "reason"), "stalled");
  EXPECT_TRUE(source().was_reset());
  EXPECT_TRUE(sink().was_reset());
}

TEST_P(SinkStops, IsWaitedForWithoutAStallTimeout) {
  overflow().stall_timeout = 0s;
  open_and_fill();
  wait_for_the_end(15min);
  ASSERT_FALSE(is_over());
  EXPECT_EQ(log().count("slow_consumer"), 1U);
  EXPECT_EQ(flow().throttled, 1U);
  EXPECT_EQ(flow().slow, 1U);
  if (!cell().drops()) {
    EXPECT_EQ(counters().dropped_bytes(), 0U);
  }
  sink().takes_everything();
  run();
  if (!cell().drops()) expect_everything();
  expect_order();
  expect_clean_end();
}

TEST_P(SinkStops, LeavesTheOtherDirectionAlone) {
  if (cell().policy == OverflowPolicy::close) overflow().queue = 1024 * 1024;
  open_and_overflow();
  if (cell().way == Way::echo) return expect_clean_end();
  const std::string answer = messages().message(7);
  sink().says(answer);
  run();
  EXPECT_EQ(source().heard(), answer);
  sink().takes_everything();
  run();
}

}  // namespace
}  // namespace spillway::testing
