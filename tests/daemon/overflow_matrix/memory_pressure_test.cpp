// The process holds too much, and this session holds most of it.
#include "tests/daemon/overflow_matrix/matrix_test.hpp"

#include <string>

namespace spillway::testing {
namespace {

class MemoryPressure : public MatrixTest {};

INSTANTIATE_TEST_SUITE_P(Matrix, MemoryPressure, ::testing::ValuesIn(all_cells()), cell_name);

TEST_P(MemoryPressure, EndsTheSessionThatHoldsMost) {
  open_and_fill();
  const std::size_t held = flow().queued_bytes;
  ASSERT_GT(held, 0U);
  stop_largest({.total = 2 * held, .limit = held});
  EXPECT_EQ(flow().queued_bytes, 0U) << "its memory is free at once";
  run();
  expect_cut_short("OD overflow memory");
  EXPECT_TRUE(source().was_reset());
  EXPECT_TRUE(sink().was_reset());
  EXPECT_EQ(counters().closed_memory, 1U);
  EXPECT_GE(counters().unsent_bytes, held);
  const auto line = log().only("memory_limit");
  EXPECT_EQ(value(line, "conn"), "1");
  EXPECT_EQ(value(line, "route"), "matrix");
  EXPECT_EQ(value(line, "held_bytes"), std::to_string(held));
  EXPECT_EQ(value(line, "queued_bytes"), std::to_string(2 * held));
  EXPECT_EQ(value(line, "limit"), std::to_string(held));
}

TEST_P(MemoryPressure, SparesASessionThatHoldsNothing) {
  open();
  feed(many);
  stop_largest({.total = 2, .limit = 1});
  run();
  EXPECT_EQ(log().count("memory_limit"), 0U);
  expect_clean_end();
  expect_everything();
}

}  // namespace
}  // namespace spillway::testing
