// SC-11 to SC-16: when and in which order the application hears of things.
#include "tests/support/connection_harness.hpp"

#include <gtest/gtest.h>

#include <string>

namespace spillway::testing {
namespace {

using Log = ConnectionHarness::Log;

class Completion : public ConnectionHarness, public ::testing::Test {};

TEST_F(Completion, SC11_EveryAcceptedSendIsReportedOnceInTokenOrder) {
  open();
  send("a");
  send("b");
  wire.blocks();
  send("c");
  wire.takes(Wire::unlimited);
  run();
  EXPECT_EQ(events.log, (Log{"sent:1", "sent:2", "throttled", "sent:3", "unthrottled"}));
}

TEST_F(Completion, SC13_NothingIsReportedInsideTheCallThatCausedIt) {
  open();
  send("a");
  wire.blocks();
  send("b");
  EXPECT_EQ(events.log, Log{});
  events.call([&] { connection.hard_close(); });
  EXPECT_EQ(events.log, Log{});
  run();
  EXPECT_EQ(events.log, (Log{"sent:1", "throttled", "closed:hard_closed:1"}));
}

TEST_F(Completion, SC13_ACallFromInsideACallbackReportsAfterItReturned) {
  open();
  events.on("received", [&] {
    EXPECT_EQ(send("a"), "1");
    EXPECT_EQ(send("b"), "2");
    EXPECT_EQ(events.log, Log{"received:in"});
  });
  wire.receives("in");
  run();
  EXPECT_EQ(events.log, (Log{"received:in", "sent:1", "sent:2"}));
}

TEST_F(Completion, SC14_SentComesBeforeTheNextReceived) {
  open();
  events.on("received:1", [&] { send("answer"); });
  wire.receives("1");
  wire.receives("2");
  run();
  EXPECT_EQ(events.log, (Log{"received:1", "sent:1", "received:2"}));
}

TEST_F(Completion, SC14_SentComesBeforeReceivedThatWasHeld) {
  open();
  connection.mute();
  wire.fire({.readable = true});
  wire.receives("held");
  connection.unmute();
  send("x");
  run();
  EXPECT_EQ(events.log, (Log{"sent:1", "received:held"}));
}

TEST_F(Completion, SC14_SentComesBeforeAThrottleCausedLater) {
  open();
  wire.takes(1);
  events.on("received", [&] {
    send("a");
    send("b");
  });
  wire.receives("in");
  run();
  EXPECT_EQ(events.log, (Log{"received:in", "sent:1", "throttled"}));
}

TEST_F(Completion, SC14_SentComesBeforeClosed) {
  open();
  events.on("received", [&] {
    send("a");
    connection.hard_close();
  });
  wire.receives("in");
  run();
  EXPECT_EQ(events.log, (Log{"received:in", "sent:1", "closed:hard_closed:1"}));
}

TEST_F(Completion, SC14_ASendMadeOutsideIsReportedInALaterTurnAndInOrder) {
  open();
  EXPECT_EQ(send("a"), "1");
  EXPECT_EQ(send("b"), "2");
  EXPECT_EQ(events.log, Log{});
  turn();
  EXPECT_EQ(events.log, (Log{"sent:1", "sent:2"}));
}

TEST_F(Completion, SC14_WhatASentCausesComesBeforeTheNextSent) {
  open();
  int left = 3;
  events.on("sent", [&] {
    if (left-- > 0) send("more");
  });
  send("a");
  send("b");
  run();
  EXPECT_EQ(events.log, (Log{"sent:1", "sent:2", "sent:3", "sent:4", "sent:5"}));
}

TEST_F(Completion, SC14_SendingFromEverySentLeavesTheLoopToOthersAndOvertakesNothing) {
  open();
  events.on("sent", [&] { send("again"); });
  send("first");
  turn();
  const std::size_t in_one_turn = events.count("sent");
  EXPECT_GT(in_one_turn, 1U);
  EXPECT_LT(in_one_turn, 10'000U);
  EXPECT_TRUE(scheduler.has_work());

  wire.receives("in");
  events.on("sent", [&] {
    if (events.count("sent") < 2 * in_one_turn) send("again");
  });
  wire.poll();
  EXPECT_EQ(events.count("received"), 0U) << "sends are still to be told";
  run();
  EXPECT_EQ(events.log.back(), "received:in");
}

TEST_F(Completion, SC15_InsideTheSentThatEndedAThrottleItIsWriteable) {
  open();
  wire.blocks();
  send("a");
  run();
  bool writeable = false;
  events.on("sent:1", [&] { writeable = connection.is_writeable(); });
  wire.takes(Wire::unlimited);
  run();
  EXPECT_TRUE(writeable);
}

TEST_F(Completion, SC15_OnUnthrottledSpeaksTheTruthWhenSentFilledThePipeAgain) {
  open();
  wire.blocks();
  send("a");
  run();
  events.on("sent:1", [&] {
    wire.blocks();
    EXPECT_EQ(send("b"), "2");
  });
  events.on("unthrottled", [&] { EXPECT_TRUE(connection.is_writeable()); });
  wire.takes(Wire::unlimited);
  wire.poll();
  EXPECT_EQ(events.log, (Log{"throttled", "sent:1"}));
  wire.takes(Wire::unlimited);
  run();
  EXPECT_EQ(events.log, (Log{"throttled", "sent:1", "sent:2", "unthrottled"}));
}

TEST_F(Completion, SC15_ASendFromInsideEveryCallbackIsAccepted) {
  serve();
  wire.blocks();
  events.on("started", [&] { EXPECT_EQ(send("1"), "1"); });
  events.on("throttled", [&] { EXPECT_EQ(send("x"), "NotWriteable"); });
  events.on("sent:1", [&] { EXPECT_EQ(send("2"), "2"); });
  events.on("unthrottled", [&] { EXPECT_EQ(send("3"), "3"); });
  events.on("received", [&] { EXPECT_EQ(send("4"), "4"); });
  events.on("end", [&] { EXPECT_EQ(send("5"), "5"); });
  events.on("closed", [&] { EXPECT_EQ(send("x"), "NotConnected"); });
  run();
  wire.takes(Wire::unlimited);
  run();
  wire.receives("in");
  run();
  wire.ends();
  run();
  connection.close();
  run();
  EXPECT_EQ(wire.written(), "12345");
  EXPECT_EQ(events.log, (Log{"started", "throttled", "sent:1", "sent:2", "unthrottled", "sent:3",
                             "received:in", "sent:4", "end", "sent:5", "closed:closed:5"}));
}

TEST_F(Completion, SC16_HardCloseNamesTheBoundaryBetweenSentAndLost) {
  open();
  send("a");
  send("b");
  wire.takes(2);
  send("lost");
  connection.hard_close();
  run();
  EXPECT_EQ(events.log, (Log{"sent:1", "sent:2", "throttled", "closed:hard_closed:2"}));
}

TEST_F(Completion, SC16_APeerThatResetsMidSendLeavesTheBoundary) {
  open();
  send("a");
  wire.takes(2);
  send("half");
  run();
  wire.resets();
  run();
  EXPECT_EQ(events.log, (Log{"sent:1", "throttled", "closed:reset:1"}));
}

TEST_F(Completion, SC16_ASendWhoseBytesWereHandedOverIsNeverReportedAsFailed) {
  open();
  wire.blocks();
  send("all");
  run();
  // The same write takes the rest and then finds the connection broken.
  wire.takes(3);
  wire.breaks();
  wire.poll();
  run();
  connection.hard_close();
  run();
  EXPECT_EQ(events.log, (Log{"throttled", "sent:1", "unthrottled", "closed:hard_closed:1"}));
}

TEST_F(Completion, SC33_CallbacksNeverNestEvenWhenTheyAct) {
  open();
  // The recorder fails the test when they do.
  events.on("received", [&] {
    connection.mute();
    connection.unmute();
    send("x");
    connection.shutdown_send();
    connection.close();
  });
  wire.receives("a");
  wire.receives("b");
  wire.ends();
  run();
  EXPECT_EQ(events.log, (Log{"received:a", "sent:1", "closed:closed:1"}));
}

}  // namespace
}  // namespace spillway::testing
