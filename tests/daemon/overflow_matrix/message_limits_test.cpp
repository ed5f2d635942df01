// The limits that count messages instead of bytes: how many, and how old.
#include "tests/daemon/overflow_matrix/matrix_test.hpp"

#include <chrono>
#include <vector>

namespace spillway::testing {
namespace {

using namespace std::chrono_literals;
using config::OverflowPolicy;

class QueueMessages : public MatrixTest {
 protected:
  static constexpr std::size_t limit = 5;

  /// The sink takes nothing, and the first message waits in the connection.
  void open_and_send_first() {
    overflow().queue_messages = limit;
    set_sizes(1, max_message);  // a read has at most one message's end
    open();
    sink().blocks();
    feed(1);
  }
};

INSTANTIATE_TEST_SUITE_P(Matrix, QueueMessages,
                         ::testing::ValuesIn(cells_where([](const Cell& cell) {
                           return cell.has_messages();
                         })),
                         cell_name);

TEST_P(QueueMessages, FullOfMessagesIsFull) {
  open_and_send_first();
  feed(2 * limit);
  switch (cell().policy) {
    case OverflowPolicy::pause:
      EXPECT_FALSE(source().is_read());
      EXPECT_EQ(flow().queued_messages, limit + 1) << "the read that found it full is kept";
      break;
    case OverflowPolicy::drop_newest:
    case OverflowPolicy::drop_oldest:
      EXPECT_EQ(flow().queued_messages, limit);
      EXPECT_EQ(counters().dropped_by_policy.messages, limit);
      break;
    case OverflowPolicy::close:
      return expect_cut_short("OD overflow slow_consumer");
  }
  sink().takes_everything();
  run();
  const auto arrived = expect_order();
  if (cell().policy == OverflowPolicy::pause) expect_everything();
  if (cell().policy == OverflowPolicy::drop_newest) {
    EXPECT_EQ(arrived.back(), limit);
  }
  if (cell().policy == OverflowPolicy::drop_oldest) {
    EXPECT_EQ(arrived.back(), 2 * limit);
  }
  expect_clean_end();
}

class MaxAge : public MatrixTest {
 protected:
  void open_with_age(std::chrono::milliseconds age) {
    overflow().max_age = age;
    open();
    sink().blocks();
    feed(1);
  }
};

INSTANTIATE_TEST_SUITE_P(Matrix, MaxAge, ::testing::ValuesIn(cells_where([](const Cell& cell) {
                           return cell.drops();
                         })),
                         cell_name);

TEST_P(MaxAge, WhatIsTooOldIsDroppedAndWhatIsNotArrives) {
  open_with_age(10s);
  feed(few);
  advance(7s);
  feed(few);
  advance(7s);
  sink().takes_everything();
  run();
  EXPECT_EQ(counters().dropped_by_age.messages, few);
  EXPECT_EQ(counters().dropped_by_policy.messages, 0U);
  std::vector<std::size_t> expected{0};
  for (std::size_t number = 1 + few; number < fed(); ++number) expected.push_back(number);
  EXPECT_EQ(expect_order(), expected);
  expect_clean_end();
}

// drop_newest too: what is too old makes room.
TEST_P(MaxAge, MakesRoomInAFullQueue) {
  open_with_age(10s);
  feed(many);
  const auto dropped = counters().dropped_by_policy.messages;
  ASSERT_GT(dropped, 0U);
  advance(11s);
  feed(few);
  EXPECT_EQ(counters().dropped_by_policy.messages, dropped);
  EXPECT_EQ(flow().queued_messages, few);
  sink().takes_everything();
  run();
  EXPECT_EQ(expect_order().size(), 1 + few);
  expect_clean_end();
}

}  // namespace
}  // namespace spillway::testing
