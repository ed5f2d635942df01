// Messages, swarms of them and large ones. What survives in general is the random model's to say.
#include "tests/daemon/overflow/pipe_harness.hpp"

#include <gtest/gtest.h>

#include <cstddef>
#include <string>
#include <string_view>

namespace spillway::testing {
namespace {

constexpr std::size_t kib = 1024;

// Other sessions have their turn in between.
TEST(PipeMessages, SendsALargeQueueInSeveralTurns) {
  PipeHarness pipe(64 * 1024 * kib);
  pipe.connect_sink();
  pipe.sink_takes(0);
  for (std::size_t i = 0; i < 64; ++i) pipe.arrives(pattern(256 * kib, i * 256 * kib));
  pipe.sink_wire.takes(Wire::unlimited);
  std::size_t before = 0;
  for (int turns = 0; pipe.pipe->queued_bytes() > 0; ++turns) {
    ASSERT_LT(turns, 100);
    pipe.sink_wire.poll();
    pipe.scheduler.run_turn();
    EXPECT_LT(pipe.sink_wire.written().size() - before, 4 * 1024 * kib);
    before = pipe.sink_wire.written().size();
  }
  pipe.run();
  EXPECT_EQ(pipe.sink_wire.written(), pattern(64 * 256 * kib));
}

// To be offered is not to be sent: of the second one the sink has taken nothing when it is full.
TEST(PipeMessages, BeginsALargeMessageOnlyWhenTheSinkCanTakeIt) {
  PipeHarness pipe({.policy = config::OverflowPolicy::drop_oldest, .queue = 250 * kib},
                   config::FixedFraming{100 * kib}, 100 * kib);
  pipe.connect_sink();
  pipe.sink_takes(0);
  for (std::size_t i = 0; i < 4; ++i) pipe.arrives(pattern(100 * kib, i * 100 * kib));
  EXPECT_EQ(pipe.figures().counters.dropped_by_policy.messages, 1U);
  // The first one leaves, and the sink is full again with its last byte.
  pipe.sink_takes(100 * kib - 1);
  pipe.arrives(pattern(100 * kib, 400 * kib));
  EXPECT_EQ(pipe.figures().counters.dropped_by_policy.messages, 2U);
  pipe.sink_takes_everything();
  EXPECT_EQ(pipe.sink_wire.written(), pattern(100 * kib) + pattern(200 * kib, 300 * kib));
}

// A queue at its low mark is not full, whatever did not fit a moment ago.
TEST(PipeMessages, DropsOneThatIsTooLargeAndTakesTheNext) {
  PipeHarness pipe({.policy = config::OverflowPolicy::drop_newest, .queue = 10},
                   config::LineFraming{}, 10);
  pipe.connect_sink();
  pipe.sink_takes(0);
  pipe.arrives("0\n");
  pipe.arrives("11\n7777777\n2\n333333\n444\n5\n");
  EXPECT_EQ(pipe.figures().counters.dropped_by_policy.messages, 3U);
  pipe.sink_takes_everything();
  EXPECT_EQ(pipe.sink_wire.written(), "0\n11\n2\n444\n");
}

// `drop_oldest` keeps what can be kept: in one go the outcome is that of one after the other.
TEST(PipeMessages, DropsNoMoreThanASwarmNeeds) {
  PipeHarness pipe({.policy = config::OverflowPolicy::drop_oldest, .queue = 10},
                   config::LineFraming{}, 10);
  pipe.connect_sink();
  pipe.sink_takes(0);
  pipe.arrives("0\n");
  pipe.arrives("11\n22\n");
  pipe.arrives("3\n4\n55\n6");
  EXPECT_EQ(pipe.figures().counters.dropped_by_policy.messages, 1U);
  pipe.arrives("\n777777\n8\n");
  pipe.source_ends();
  pipe.sink_takes_everything();
  EXPECT_EQ(pipe.sink_wire.written(), "0\n777777\n8\n");
}

// It is bad behind bytes that wait, which go first.
TEST(PipeMessages, FindsABadMessageThatBeganInTheQueue) {
  PipeHarness pipe({.queue = 64 * kib}, config::LineFraming{}, 100);
  pipe.connect_sink();
  pipe.sink_takes(0);
  pipe.arrives("x\n");
  pipe.arrives(std::string(80, 'y'));
  pipe.sink_wire.takes(Wire::unlimited);
  pipe.sink_wire.fire({.writeable = true});
  pipe.pipe->on_received(as_bytes(std::string_view("zzzzzzzzzzzzzzzzzzzzzzzzzzzzzzzzzzzzzzzz")));
  EXPECT_EQ(pipe.told.failure, overflow::PipeFailure::message_too_big);
}

}  // namespace
}  // namespace spillway::testing
