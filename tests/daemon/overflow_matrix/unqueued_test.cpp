// Policies without a queue: they act on the first message that the sink refuses.
#include "tests/daemon/overflow_matrix/matrix_test.hpp"

namespace spillway::testing {
namespace {

using config::OverflowPolicy;

class Unqueued : public MatrixTest {
 protected:
  /// The first message is taken, whatever the sink does: it waits in the connection.
  void open_and_refuse() {
    overflow().queue = 0;
    open();
    sink().blocks();
    feed(1);
    feed(many);
  }
};

INSTANTIATE_TEST_SUITE_P(Matrix, Unqueued, ::testing::ValuesIn(all_cells()), cell_name);

TEST_P(Unqueued, TheFirstRefusalIsFull) {
  open_and_refuse();
  switch (cell().policy) {
    case OverflowPolicy::pause:
      EXPECT_FALSE(source().is_read());
      EXPECT_EQ(counters().pauses, 1U);
      break;
    case OverflowPolicy::drop_newest:
    case OverflowPolicy::drop_oldest:
      EXPECT_EQ(counters().dropped_by_policy.messages, many);
      EXPECT_EQ(flow().queue_peak, 0U);
      break;
    case OverflowPolicy::close:
      return expect_cut_short("OD overflow slow_consumer");
  }
  sink().takes_everything();
  run();
  feed(few);
  EXPECT_EQ(flow().queued_bytes, 0U);
  expect_clean_end();
  const auto arrived = expect_order();
  if (cell().has_messages()) {
    EXPECT_EQ(arrived.size(), cell().drops() ? 1 + few : fed());
  }
}

}  // namespace
}  // namespace spillway::testing
