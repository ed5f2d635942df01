// SC-17 to SC-20: throttle events, mute and unmute.
#include "tests/support/connection_harness.hpp"

#include <gtest/gtest.h>

#include <string>

namespace spillway::testing {
namespace {

using Log = ConnectionHarness::Log;

class Backpressure : public ConnectionHarness, public ::testing::Test {};

TEST_F(Backpressure, SC17_ThrottleEventsAlternate) {
  open();
  for (int i = 0; i < 3; ++i) {
    wire.blocks();
    send("x");
    run();
    wire.takes(Wire::unlimited);
    run();
  }
  EXPECT_EQ(events.log, (Log{"throttled", "sent:1", "unthrottled", "throttled", "sent:2",
                             "unthrottled", "throttled", "sent:3", "unthrottled"}));
}

TEST_F(Backpressure, SC17_AThrottleBeforeTheStartIsToldAfterIt) {
  serve();
  wire.blocks();
  EXPECT_EQ(send("early"), "1");
  run();
  EXPECT_EQ(events.log, (Log{"started", "throttled"}));
}

TEST_F(Backpressure, SC19_AThrottledConnectionStillReads) {
  open();
  wire.blocks();
  send("x");
  wire.receives("a");
  wire.receives("b");
  run();
  EXPECT_EQ(events.log, (Log{"throttled", "received:a", "received:b"}));
}

TEST_F(Backpressure, AReadTakesNoMoreThanTheLimit) {
  open();
  connection.limit_reads(4);
  wire.receives("abcdef");
  run();
  connection.limit_reads(5);
  wire.receives("ghijkl");
  run();
  EXPECT_EQ(events.log, (Log{"received:abcd", "received:ef", "received:ghijk", "received:l"}));
}

TEST_F(Backpressure, SC19_WriteableAndReadableTogetherWhileMuted) {
  open();
  wire.blocks();
  send("x");
  connection.mute();
  run();
  wire.receives("held");
  wire.takes(Wire::unlimited);
  wire.fire({.readable = true, .writeable = true});
  run();
  EXPECT_EQ(events.log, (Log{"throttled", "sent:1", "unthrottled"}));
  EXPECT_EQ(wire.written(), "x");
  connection.unmute();
  run();
  EXPECT_EQ(events.log.back(), "received:held");
}

TEST_F(Backpressure, SC19_WriteableAndReadableTogetherDeliverBoth) {
  open();
  wire.blocks();
  send("x");
  run();
  wire.receives("in");
  wire.takes(Wire::unlimited);
  EXPECT_TRUE(wire.poll());
  EXPECT_EQ(events.log, (Log{"throttled", "sent:1", "unthrottled", "received:in"}));
}

TEST_F(Backpressure, SC19_MutingInsideSentDoesNotStopTheDrain) {
  open();
  events.on("sent", [&] { connection.mute(); });
  events.on("throttled", [&] { connection.mute(); });
  wire.blocks();
  send("x");
  run();
  wire.takes(Wire::unlimited);
  run();
  EXPECT_EQ(events.log, (Log{"throttled", "sent:1", "unthrottled"}));
}

TEST_F(Backpressure, SC19_WatchesForWhatItWaitsForAndNothingElse) {
  open();
  EXPECT_EQ(wire.interest(), (Interest{.readable = true}));
  wire.blocks();
  send("x");
  EXPECT_EQ(wire.interest(), (Interest{.readable = true, .writeable = true}));
  connection.mute();
  EXPECT_EQ(wire.interest(), (Interest{.writeable = true}));
  wire.takes(Wire::unlimited);
  run();
  EXPECT_EQ(wire.interest(), Interest{});
  connection.unmute();
  run();
  EXPECT_EQ(wire.interest(), (Interest{.readable = true}));
}

TEST_F(Backpressure, SC20_MuteTakesEffectAtOnce) {
  open();
  wire.receives("1");
  wire.receives("2");
  events.on("received:1", [&] { connection.mute(); });
  run();
  EXPECT_EQ(events.log, Log{"received:1"});
  EXPECT_TRUE(connection.is_muted());
}

TEST_F(Backpressure, SC20_MuteInsideTheCallbackBeforeHoldsWhatWasReadAlready) {
  open();
  // The readable event finds a send to report first; muting there holds the bytes.
  events.on("sent:1", [&] { connection.mute(); });
  send("x");
  wire.receives("held");
  EXPECT_TRUE(wire.poll());
  run();
  EXPECT_EQ(events.log, Log{"sent:1"});
  connection.unmute();
  EXPECT_EQ(events.log, Log{"sent:1"});
  run();
  EXPECT_EQ(events.log, (Log{"sent:1", "received:held"}));
}

TEST_F(Backpressure, SC20_UnmuteDeliversInOrderAndInALaterTurn) {
  open();
  connection.mute();
  wire.receives("1");
  wire.receives("2");
  run();
  EXPECT_EQ(events.log, Log{});
  events.call([&] { connection.unmute(); });
  run();
  EXPECT_EQ(events.log, (Log{"received:1", "received:2"}));
}

TEST_F(Backpressure, SC20_MutedEndOfStreamWaitsForUnmute) {
  open();
  connection.mute();
  wire.ends();
  run();
  EXPECT_EQ(events.log, Log{});
  connection.unmute();
  run();
  EXPECT_EQ(events.log, Log{"end"});
}

TEST_F(Backpressure, SC20_MutingInsideTheLastReceivedHoldsTheEnd) {
  open();
  events.on("received", [&] { connection.mute(); });
  wire.receives("last");
  wire.ends();
  run();
  EXPECT_EQ(events.log, Log{"received:last"});
  connection.unmute();
  run();
  EXPECT_EQ(events.log, (Log{"received:last", "end"}));
}

TEST_F(Backpressure, SC20_AMutedConnectionStillNoticesAReset) {
  open();
  connection.mute();
  run();
  wire.resets();
  run();
  EXPECT_EQ(events.log, Log{"closed:reset:0"});
}

}  // namespace
}  // namespace spillway::testing
