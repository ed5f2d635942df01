// A message costs no allocation on its way through a pipe, whether it is sent at once, waits, or is
// dropped.
#include "tests/daemon/overflow/pipe_harness.hpp"
#include "tests/lib/allocation/allocation_counter.hpp"

#include <gtest/gtest.h>

#include <chrono>
#include <cstddef>
#include <string>

namespace spillway::testing {
namespace {

using namespace std::chrono_literals;
using config::OverflowPolicy;

constexpr int rounds = 500;

config::Overflow small_queue(OverflowPolicy policy) {
  return {.policy = policy, .queue = 64 * 1024, .max_age = drops(policy) ? 1h : 0h};
}

std::string lines(int count) {
  std::string text;
  for (int i = 0; i < count; ++i) text += "a line of some length, as feeds have them\n";
  return text;
}

/// What `step` allocates in all rounds, after as many that warm up.
template <class Step>
std::size_t allocations_of(PipeHarness& pipe, Step step) {
  pipe.sink_wire.reserve(256 * 1024 * 1024);
  std::size_t before = 0;
  for (int i = 0; i < 2 * rounds; ++i) {
    if (i == rounds) before = allocations();
    step();
    pipe.scheduler.run_turn();
  }
  return allocations() - before;
}

class PipeAllocation : public ::testing::TestWithParam<OverflowPolicy> {
 protected:
  PipeHarness pipe_{small_queue(GetParam()), config::LineFraming{}};
};

TEST_P(PipeAllocation, NoneWhileTheSinkKeepsUp) {
  pipe_.connect_sink();
  const std::string read = lines(20);
  const std::size_t count = allocations_of(pipe_, [&] { pipe_.pipe->on_received(as_bytes(read)); });
  EXPECT_EQ(count, 0U);
  EXPECT_EQ(pipe_.figures().counters.messages_out, 2U * rounds * 20);
}

// The connection takes memory for what the sink left of a send, once for each time that it is full.
TEST_P(PipeAllocation, NoneOfItsOwnWhileMessagesWaitAndGoOn) {
  pipe_.connect_sink();
  const std::string read = lines(20) + "and a part of one";
  const std::string rest = "\n";
  const std::size_t count = allocations_of(pipe_, [&] {
    pipe_.sink_wire.takes(100);
    pipe_.pipe->on_received(as_bytes(read));
    pipe_.pipe->on_received(as_bytes(rest));
    pipe_.pipe->on_received(as_bytes(read));
    pipe_.pipe->on_received(as_bytes(rest));
    pipe_.sink_wire.takes(Wire::unlimited);
    pipe_.sink_wire.poll();
  });
  EXPECT_EQ(count, std::size_t{rounds});
  EXPECT_EQ(pipe_.figures().counters.messages_out, 2U * rounds * 42);
}

INSTANTIATE_TEST_SUITE_P(Policies, PipeAllocation,
                         ::testing::Values(OverflowPolicy::pause, OverflowPolicy::drop_newest,
                                           OverflowPolicy::drop_oldest, OverflowPolicy::close));

TEST(PipeAllocation, NoneWhileMessagesAreDropped) {
  for (const auto policy : {OverflowPolicy::drop_newest, OverflowPolicy::drop_oldest}) {
    PipeHarness pipe(small_queue(policy), config::LineFraming{});
    pipe.connect_sink();
    pipe.sink_wire.blocks();
    const std::string read = lines(3000);
    EXPECT_EQ(allocations_of(pipe, [&] { pipe.pipe->on_received(as_bytes(read)); }), 0U);
    EXPECT_GT(pipe.figures().counters.dropped_by_policy.messages, 1'000'000U);
  }
}

}  // namespace
}  // namespace spillway::testing
