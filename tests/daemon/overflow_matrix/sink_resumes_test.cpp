// A sink that stops reading and goes on, again and again.
#include "tests/daemon/overflow_matrix/matrix_test.hpp"

#include <chrono>
#include <string>
#include <vector>

namespace spillway::testing {
namespace {

using namespace std::chrono_literals;
using config::OverflowPolicy;

class SinkResumes : public MatrixTest {
 protected:
  static constexpr std::size_t times = 3;

  [[nodiscard]] std::size_t burst() const {
    return cell().policy == OverflowPolicy::close ? few : many;
  }
  void stop_and_resume() {
    sink().blocks();
    feed(burst());
    advance(1s);
    advance(4s);
    sink().takes_everything();
    run();
  }
  [[nodiscard]] std::size_t sum_of(std::string_view event, std::string_view key) const {
    std::size_t sum = 0;
    for (const auto& each : log().events) {
      if (each.name() == event) sum += std::stoul(value(each, key));
    }
    return sum;
  }
};

INSTANTIATE_TEST_SUITE_P(Matrix, SinkResumes, ::testing::ValuesIn(all_cells()), cell_name);

TEST_P(SinkResumes, GetsAllThatWasKept) {
  open();
  for (std::size_t time = 1; time <= times; ++time) {
    stop_and_resume();
    EXPECT_TRUE(source().is_read());
    EXPECT_EQ(counters().pauses, cell().policy == OverflowPolicy::pause ? time : 0);
    EXPECT_EQ(counters().pauses, counters().resumes);
    EXPECT_EQ(flow().queued_bytes, 0U);
    expect_order();
  }
  if (!cell().drops()) expect_everything();
  EXPECT_EQ(counters().paused, counters().pauses * 5s);
  expect_clean_end();
}

TEST_P(SinkResumes, LeavesTwoLinesForEachTime) {
  open();
  for (std::size_t time = 0; time < times; ++time) stop_and_resume();
  EXPECT_EQ(log().count("slow_consumer"), times);
  EXPECT_EQ(counters().slow_consumers, times);
  EXPECT_EQ(sum_of("slow_consumer", "throttled_ms"), times * 1'000);
  EXPECT_EQ(log().count("slow_consumer_recovered"), times);
  EXPECT_EQ(sum_of("slow_consumer_recovered", "duration_ms"), times * 5'000);
  EXPECT_EQ(sum_of("slow_consumer_recovered", "dropped_bytes"), counters().dropped_bytes());
  EXPECT_EQ(sum_of("slow_consumer_recovered", "dropped_messages"), counters().dropped_messages());
  for (const auto& each : log().events) {
    if (each.name() != "slow_consumer_recovered") continue;
    EXPECT_EQ(value(each, "direction"),
              cell().way == Way::to_upstream ? "to_upstream" : "to_client");
    EXPECT_EQ(value(each, "conn"), "1");
  }
  EXPECT_EQ(flow().slow, 0U);
  expect_clean_end();
}

// A socket that fills for a moment is normal.
TEST_P(SinkResumes, LeavesNoLineWhenItWasShort) {
  open();
  for (std::size_t time = 0; time < times; ++time) {
    sink().blocks();
    feed(burst());
    advance(900ms);
    sink().takes_everything();
    run();
  }
  EXPECT_EQ(log().events.size(), 0U);
  EXPECT_EQ(counters().slow_consumers, 0U);
  expect_clean_end();
}

TEST_P(SinkResumes, StutteringItStillGetsMessagesInOrder) {
  const bool closes = cell().policy == OverflowPolicy::close;
  open();
  for (std::size_t step = 0; step < 50; ++step) {
    sink().takes(step * 61 % 701);
    feed(closes ? 5 : 13);
    if (closes && flow().queued_bytes > queue / 2) {
      sink().takes_everything();
      run();
    }
    if (step % 10 == 0) expect_order();
  }
  EXPECT_EQ(counters().dropped_by_policy.messages > 0, cell().drops());
  expect_clean_end();
  expect_order();
  if (!cell().drops()) expect_everything();
}

class DroppingForASink : public SinkResumes {
 protected:
  /// Where the numbers of what arrived jump, and how far.
  struct Gap {
    std::size_t after;
    std::size_t before;
  };
  std::vector<Gap> gaps() {
    std::vector<Gap> gaps;
    std::size_t expected = 0;
    for (const std::size_t number : expect_order()) {
      if (number != expected) gaps.push_back({expected, number});
      expected = number + 1;
    }
    if (expected != fed()) gaps.push_back({expected, fed()});
    return gaps;
  }
  [[nodiscard]] std::size_t size_of(std::size_t number) const {
    return messages().message(number).size();
  }
};

INSTANTIATE_TEST_SUITE_P(
    Matrix, DroppingForASink,
    ::testing::ValuesIn(cells_where([](const Cell& cell) { return cell.drops(); })), cell_name);

// One gap: the newest at the end, the oldest behind what was sent before. And no message of it had
// room.
TEST_P(DroppingForASink, DropsInOnePlaceAndNotMoreThanItMust) {
  open();
  stop_and_resume();
  const auto found = gaps();
  ASSERT_EQ(found.size(), 1U);
  std::size_t kept = 0;
  if (cell().policy == OverflowPolicy::drop_newest) {
    EXPECT_EQ(found[0].before, fed());
    kept = flow().queue_peak;
    EXPECT_GT(kept + size_of(found[0].after), queue);
  } else {
    EXPECT_LT(found[0].before, fed());
    for (std::size_t number = found[0].before; number < fed(); ++number) kept += size_of(number);
    EXPECT_GT(kept + size_of(found[0].before - 1), queue);
  }
  EXPECT_LE(kept, queue);
  EXPECT_EQ(counters().dropped_messages(), found[0].before - found[0].after);
  expect_clean_end();
}

TEST_P(DroppingForASink, DropsNothingOnceItGoesOn) {
  open();
  stop_and_resume();
  const auto dropped = counters().dropped_messages();
  feed(many);
  EXPECT_EQ(counters().dropped_messages(), dropped);
  expect_clean_end();
}

}  // namespace
}  // namespace spillway::testing
