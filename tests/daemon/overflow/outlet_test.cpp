// What a pipe's sink is found to do, and when.
#include "pipe_harness.hpp"

#include <gtest/gtest.h>

#include <chrono>
#include <string>

namespace spillway::overflow {
namespace {

using std::chrono::milliseconds;
using std::chrono::seconds;
using testing::PipeHarness;

class OutletTest : public PipeHarness, public ::testing::Test {
 protected:
  OutletTest()
      : PipeHarness(config::Overflow{.stall_timeout = seconds(80), .slow_after = seconds(1)}) {
    connect_sink();
  }

  void throttle() {
    sink_wire.blocks();
    arrives("x");
    EXPECT_EQ(metrics.throttled, 1U);
  }
};

// In between its timer waits for a stall, which is looked for less often.
TEST_F(OutletTest, FindsEverySlowEpisodeOnTime) {
  for (int episode = 1; episode <= 3; ++episode) {
    throttle();
    advance(milliseconds(999));
    EXPECT_EQ(told.slow, episode - 1);
    advance(milliseconds(1));
    EXPECT_EQ(told.slow, episode);
    EXPECT_EQ(metrics.slow, 1U);
    sink_takes_everything();
    EXPECT_EQ(told.recovered.size(), static_cast<std::size_t>(episode));
    EXPECT_EQ(metrics.slow, 0U);
  }
}

TEST_F(OutletTest, SaysNothingOfASinkThatIsFullForAMoment) {
  for (int i = 0; i < 100; ++i) {
    throttle();
    advance(milliseconds(900));
    sink_takes_everything();
    advance(milliseconds(150));
  }
  EXPECT_EQ(told.slow, 0);
  EXPECT_TRUE(told.recovered.empty());
  EXPECT_EQ(metrics.throttled, 0U);
}

TEST_F(OutletTest, FindsTheSlownessOfASinkThatWasFullForAMomentBefore) {
  throttle();
  advance(milliseconds(900));
  sink_takes_everything();
  throttle();
  advance(milliseconds(999));
  EXPECT_EQ(told.slow, 0);
  advance(milliseconds(1));
  EXPECT_EQ(told.slow, 1);
}

// All that it has of the sink's progress is what the peer has not acknowledged.
TEST_F(OutletTest, FindsNoStallAsLongAsThePeerTakesAByteNowAndThen) {
  std::size_t unacknowledged = 100;
  sink_wire.keeps_unacknowledged(unacknowledged);
  throttle();
  for (int i = 0; i < 20; ++i) {
    advance(seconds(10));
    for (int looks = 0; looks < 6; ++looks) advance(seconds(10));
    sink_wire.keeps_unacknowledged(--unacknowledged);
  }
  EXPECT_FALSE(told.failure);
  for (int looks = 0; looks < 8; ++looks) advance(seconds(10));
  EXPECT_FALSE(told.failure);
  advance(seconds(10));
  EXPECT_EQ(told.failure, PipeFailure::stalled);
}

// The system takes whole sends for a peer that reads nothing, as long as it has room itself.
TEST_F(OutletTest, TrustsNoSinkBeforeItsPeerAcknowledges) {
  const std::string read = testing::pattern(256 * 1024);
  const auto writes_of_one_read = [&] {
    const int before = sink_wire.write_calls();
    arrives(read);
    return sink_wire.write_calls() - before;
  };
  sink_wire.keeps_unacknowledged(1024 * 1024 * 1024);
  for (int i = 0; i < 8; ++i) EXPECT_EQ(writes_of_one_read(), 4);
  sink_wire.keeps_unacknowledged(0);
  writes_of_one_read();
  EXPECT_EQ(writes_of_one_read(), 1);
}

}  // namespace
}  // namespace spillway::overflow
