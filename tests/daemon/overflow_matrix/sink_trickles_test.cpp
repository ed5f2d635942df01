// A sink that takes some bytes a second, for minutes.
#include "tests/daemon/overflow_matrix/matrix_test.hpp"

#include <chrono>

namespace spillway::testing {
namespace {

using namespace std::chrono_literals;
using config::OverflowPolicy;

class SinkTrickles : public MatrixTest {
 protected:
  /// With a stall timeout whatever the policy.
  void open_slowly() {
    overflow().stall_timeout = 60s;
    open();
    sink().blocks();
    feed(few);
  }
  /// More than it takes, where that does not end the session.
  void feed_more() {
    if (cell().policy != OverflowPolicy::close) feed(2);
  }
};

INSTANTIATE_TEST_SUITE_P(Matrix, SinkTrickles, ::testing::ValuesIn(all_cells()), cell_name);

TEST_P(SinkTrickles, IsSlowAndNeverStalled) {
  open_slowly();
  for (auto passed = 0s; passed < 5min; passed += 1s) {
    sink().takes(13);
    feed_more();
    advance(1s);
  }
  ASSERT_FALSE(is_over());
  EXPECT_GE(log().count("slow_consumer"), 1U);
  if (cell().drops()) {
    EXPECT_GT(counters().dropped_by_policy.messages, 0U);
  }
  if (cell().policy == OverflowPolicy::pause) {
    EXPECT_GT(counters().pauses, 0U);
  }
  expect_order();
  sink().takes_everything();
  run();
  if (!cell().drops()) expect_everything();
  expect_order();
  expect_clean_end();
}

// What its system has taken and not acknowledged shrinks, while the socket takes nothing for as
// long as a third of its buffer is not free.
TEST_P(SinkTrickles, IsNotStalledWhileItsSystemAcknowledges) {
  open_slowly();
  std::size_t unacknowledged = 2'000'000;
  for (auto passed = 0s; passed < 4min; passed += 10s) {
    sink().wire().keeps_unacknowledged(unacknowledged -= 7);
    feed_more();
    advance(10s);
  }
  ASSERT_FALSE(is_over());
  for (auto passed = 0s; passed < 75s; passed += 5s) advance(5s);
  expect_cut_short("OD overflow stalled");
}

}  // namespace
}  // namespace spillway::testing
