// A source that ends its sending side while the pipe is full.
#include "tests/daemon/overflow_matrix/matrix_test.hpp"

#include <chrono>

namespace spillway::testing {
namespace {

using namespace std::chrono_literals;

class SourceEnds : public MatrixTest {};

INSTANTIATE_TEST_SUITE_P(Matrix, SourceEnds, ::testing::ValuesIn(all_cells()), cell_name);

TEST_P(SourceEnds, AfterTheRestTheSinkIsEnded) {
  open_and_fill();
  source().ends();
  run();
  advance(10s);
  EXPECT_FALSE(sink().wire().fin());
  EXPECT_FALSE(is_over());
  for (int i = 0; i < 10; ++i) {
    sink().takes(150);
    run();
    EXPECT_FALSE(sink().wire().fin());
    expect_order();
  }
  sink().takes_everything();
  run();
  EXPECT_TRUE(sink().heard_the_end());
  if (!cell().drops()) expect_everything();
  expect_order();
  expect_clean_end();
}

// The sink is ended and full: it has its minute like any other.
TEST_P(SourceEnds, AStalledSinkIsClosedAllTheSame) {
  overflow().stall_timeout = 60s;
  open();
  sink().blocks();
  feed(few);
  source().ends();
  for (auto waited = 0s; waited < 70s && !is_over(); waited += 1s) advance(1s);
  expect_cut_short("OD overflow stalled");
  EXPECT_GT(counters().unsent_bytes, 0U);
}

TEST_P(SourceEnds, AStalledSinkIsClosedWhenOnlyTheLastSendWaits) {
  overflow().stall_timeout = 60s;
  open();
  sink().takes(1);
  feed(1);
  source().ends();
  for (auto waited = 0s; waited < 70s && !is_over(); waited += 1s) advance(1s);
  expect_cut_short("OD overflow stalled");
}

class SourceEndsWithinAMessage : public MatrixTest {};

INSTANTIATE_TEST_SUITE_P(Matrix, SourceEndsWithinAMessage,
                         ::testing::ValuesIn(cells_where([](const Cell& cell) {
                           return cell.has_messages();
                         })),
                         cell_name);

TEST_P(SourceEndsWithinAMessage, APolicyThatDropsDropsIt) {
  open();
  sink().blocks();
  feed(few);
  const std::size_t whole = source().said();
  feed_bytes(messages().message(fed()).substr(0, 7));
  source().ends();
  run();
  sink().takes_everything();
  run();
  EXPECT_EQ(counters().messages_in, few + 1);
  if (cell().drops()) {
    EXPECT_EQ(sink().heard().size(), whole);
    EXPECT_EQ(counters().dropped_partial, (observe::FlowCounters::Dropped{1, 7}));
    EXPECT_EQ(expect_order().size(), few);
  } else {
    expect_everything();
  }
  expect_clean_end();
}

}  // namespace
}  // namespace spillway::testing
