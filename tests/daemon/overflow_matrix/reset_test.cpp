// A side that resets while the pipe is full.
#include "tests/daemon/overflow_matrix/matrix_test.hpp"

#include <string>

namespace spillway::testing {
namespace {

class Reset : public MatrixTest {};

INSTANTIATE_TEST_SUITE_P(Matrix, Reset, ::testing::ValuesIn(all_cells()), cell_name);

// SC-26: also while nobody reads the side that is paused.
TEST_P(Reset, OfTheSinkEndsTheOtherSideByAReset) {
  open_and_fill();
  sink().resets();
  run();
  expect_cut_short(std::string{sink_letter(), 'D'} + ' ' + sink_name() + " reset");
  EXPECT_GT(counters().unsent_bytes, 0U);
  if (cell().way != Way::echo) {
    EXPECT_TRUE(source().was_reset());
  }
}

TEST_P(Reset, OfTheSourceEndsTheOtherSideByAReset) {
  open_and_fill();
  source().resets();
  run();
  expect_cut_short(std::string{source_letter(), 'D'} + ' ' + source_name() + " reset");
  EXPECT_GT(counters().unsent_bytes, 0U);
  if (cell().way != Way::echo) {
    EXPECT_TRUE(sink().was_reset());
  }
}

TEST_P(Reset, AfterAPartOfASendCountsAllOfItAsUnsent) {
  open();
  sink().takes(1);
  feed(1);
  sink().resets();
  run();
  expect_cut_short(std::string{sink_letter(), 'D'} + ' ' + sink_name() + " reset");
  EXPECT_EQ(counters().bytes_out, 0U);
  EXPECT_EQ(counters().unsent_bytes, messages().message(0).size());
}

}  // namespace
}  // namespace spillway::testing
