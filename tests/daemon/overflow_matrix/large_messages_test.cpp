// The sizes that are the defaults: reads and messages larger than one send to a slow sink may be.
#include "tests/daemon/overflow_matrix/matrix_test.hpp"

namespace spillway::testing {
namespace {

using config::OverflowPolicy;

class LargeMessages : public MatrixTest {
 protected:
  static constexpr std::size_t kib = 1024;

  void open_large() {
    overflow().queue = 160 * kib;
    // A prefix of two bytes counts to 65,535.
    set_sizes(200 * kib, cell().shape == Shape::prefix_big ? 60 * kib : 100 * kib);
    open();
    sink().blocks();
  }
};

INSTANTIATE_TEST_SUITE_P(Matrix, LargeMessages, ::testing::ValuesIn(all_cells()), cell_name);

TEST_P(LargeMessages, ToASlowSinkStayWithinTheBound) {
  open_large();
  const std::size_t each = cell().shape == Shape::fixed ? 2'000 : 3;
  for (std::size_t step = 0; step < 8; ++step) {
    if (cell().policy != OverflowPolicy::close || flow().queued_bytes == 0) feed(each / 3);
    if (cell().policy != OverflowPolicy::close) feed(each);
    sink().takes(step * 17'001 % (90 * kib));
    run();
  }
  EXPECT_EQ(counters().pauses > 0, cell().policy == OverflowPolicy::pause);
  EXPECT_EQ(counters().dropped_messages() > 0, cell().drops());
  expect_clean_end();
  if (!cell().drops()) expect_everything();
  expect_order();
}

}  // namespace
}  // namespace spillway::testing
