// What all scenarios share.
#pragma once

#include "tests/daemon/overflow_matrix/overflow_bench.hpp"

#include <gtest/gtest.h>

namespace spillway::testing {

/// One scenario in one cell.
class MatrixTest : public ::testing::TestWithParam<Cell>, protected OverflowBench {
 protected:
  MatrixTest() : OverflowBench(GetParam()) {}

  /// Opens with a sink that takes nothing, and offers it more than the queue holds: its first send
  /// is taken, and waits in the connection.
  void open_and_overflow() {
    open();
    sink().blocks();
    feed(many);
  }
  /// The same, but nothing overflows where that would end the session.
  void open_and_fill() {
    open();
    sink().blocks();
    feed(cell().policy == config::OverflowPolicy::close ? few : many);
  }
};

}  // namespace spillway::testing
