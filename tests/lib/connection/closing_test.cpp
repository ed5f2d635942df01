// SC-21 to SC-25: how a connection ends.
#include "tests/support/connection_harness.hpp"

#include <gtest/gtest.h>

#include <functional>
#include <string>
#include <vector>

namespace spillway::testing {
namespace {

using Log = ConnectionHarness::Log;
using std::chrono::seconds;

class Closing : public ConnectionHarness, public ::testing::Test {};

TEST_F(Closing, SC21_CloseSendsFinAndWaitsForThePeersEnd) {
  open();
  send("bye");
  connection.close();
  run();
  EXPECT_TRUE(wire.fin());
  EXPECT_FALSE(wire.closed());
  EXPECT_EQ(events.log, Log{"sent:1"});
  wire.ends();
  run();
  EXPECT_EQ(events.log, (Log{"sent:1", "closed:closed:1"}));
  EXPECT_TRUE(wire.closed());
  EXPECT_FALSE(wire.aborted());
}

TEST_F(Closing, SC21_CloseLetsPendingDrainBeforeFin) {
  open();
  wire.blocks();
  send("pending");
  connection.close();
  run();
  EXPECT_FALSE(wire.fin());
  wire.takes(Wire::unlimited);
  run();
  EXPECT_TRUE(wire.fin());
  EXPECT_EQ(wire.written(), "pending");
  wire.ends();
  run();
  EXPECT_EQ(events.log, (Log{"throttled", "sent:1", "closed:closed:1"}));
}

TEST_F(Closing, SC21_WhatStillComesIsDiscarded) {
  open();
  connection.close();
  wire.receives("too late");
  wire.ends();
  run();
  EXPECT_EQ(events.log, Log{"closed:closed:0"});
}

TEST_F(Closing, SC21_AMutedConnectionFindsThePeersEndWhenItCloses) {
  open();
  connection.mute();
  wire.receives("unread");
  wire.ends();
  run();
  connection.close();
  run();
  EXPECT_EQ(events.log, Log{"closed:closed:0"});
}

TEST_F(Closing, SC21_LingerEndsTheWaitForThePeer) {
  open();
  connection.close();
  advance(seconds(4));
  EXPECT_EQ(events.log, Log{});
  advance(seconds(1));
  EXPECT_EQ(events.log, Log{"closed:linger_timeout:0"});
  EXPECT_TRUE(wire.closed()) << "everything was handed over: no reset";
}

TEST_F(Closing, SC21_LingerWithPendingBytesResets) {
  open();
  wire.blocks();
  send("never");
  connection.close();
  advance(seconds(5));
  EXPECT_EQ(events.log, (Log{"throttled", "closed:linger_timeout:0"}));
  EXPECT_TRUE(wire.aborted()) << "a clean end would be a lie";
}

TEST_F(Closing, SC21_CloseAfterThePeersEndNeedsNoWait) {
  open();
  wire.ends();
  run();
  connection.close();
  run();
  EXPECT_EQ(events.log, (Log{"end", "closed:closed:0"}));
}

TEST_F(Closing, SC21_CloseTwiceIsCloseOnce) {
  open();
  connection.close();
  connection.close();
  wire.ends();
  run();
  connection.close();
  run();
  EXPECT_EQ(events.log, Log{"closed:closed:0"});
}

TEST_F(Closing, SC22_HardCloseDropsPendingAndResets) {
  open();
  wire.takes(2);
  send("dropped");
  connection.hard_close();
  EXPECT_TRUE(wire.aborted());
  EXPECT_EQ(wire.written(), "dr");
  run();
  EXPECT_EQ(events.log, (Log{"throttled", "closed:hard_closed:0"}));
}

TEST_F(Closing, SC22_HardCloseEndsALinger) {
  open();
  connection.close();
  connection.hard_close();
  run();
  EXPECT_EQ(events.log, Log{"closed:hard_closed:0"});
}

TEST_F(Closing, SC23_ClosedIsTheLastAndOnlyOne) {
  open();
  wire.resets();
  run();
  connection.hard_close();
  connection.close();
  run();
  EXPECT_EQ(events.log, Log{"closed:reset:0"});
}

TEST_F(Closing, SC24_ThePeersEndLeavesTheConnectionWriteable) {
  open();
  wire.receives("request");
  wire.ends();
  run();
  EXPECT_EQ(events.log, (Log{"received:request", "end"}));
  EXPECT_TRUE(connection.is_writeable());
  EXPECT_EQ(send("response"), "1");
  EXPECT_EQ(wire.written(), "response");
  EXPECT_FALSE(wire.fin());
}

TEST_F(Closing, SC24_ShutdownSendLeavesReceivingOpenWithoutALimit) {
  open();
  send("request");
  connection.shutdown_send();
  EXPECT_TRUE(wire.fin());
  EXPECT_EQ(send("x"), "NotConnected");
  advance(std::chrono::hours(1));
  wire.receives("response");
  wire.ends();
  run();
  EXPECT_EQ(events.log, (Log{"sent:1", "received:response", "end"}));
  connection.close();
  run();
  EXPECT_EQ(events.log.back(), "closed:closed:1");
}

TEST_F(Closing, SC24_ShutdownSendWaitsForPending) {
  open();
  wire.blocks();
  send("pending");
  run();
  connection.shutdown_send();
  EXPECT_FALSE(wire.fin());
  wire.takes(Wire::unlimited);
  run();
  EXPECT_TRUE(wire.fin());
  EXPECT_EQ(events.log, (Log{"throttled", "sent:1"}));
}

TEST_F(Closing, ALostConnectionIsLostWhileItLingersToo) {
  open();
  wire.blocks();
  send("pending");
  connection.close();
  wire.resets();
  run();
  EXPECT_EQ(events.log, (Log{"throttled", "closed:reset:0"}));
}

TEST_F(Closing, BytesThatCameBeforeAResetAreDelivered) {
  open();
  wire.blocks();
  send("x");
  run();
  wire.receives("early response");
  wire.resets();
  run();
  EXPECT_EQ(events.log, (Log{"throttled", "received:early response", "closed:reset:0"}));
}

TEST_F(Closing, BytesThatCameAreDeliveredThoughAWriteFindsTheResetFirst) {
  open();
  wire.takes(1);
  send("abc");
  run();
  wire.receives("late answer");
  wire.takes(0);
  wire.breaks();
  wire.fire({.readable = true, .writeable = true});
  run();
  EXPECT_EQ(events.log, (Log{"throttled", "received:late answer", "closed:reset:0"}));
}

TEST_F(Closing, SC21_LingerForEverIsNotNow) {
  serve({}, {.linger_timeout = Duration::max()});
  run();
  connection.close();
  advance(std::chrono::hours(1000));
  EXPECT_EQ(events.log, Log{"started"});
}

TEST_F(Closing, LettingGoAbortsInSilence) {
  open();
  wire.blocks();
  send("pending");
  let_go();
  EXPECT_TRUE(wire.aborted());
  run();
  EXPECT_EQ(events.log, Log{});
  EXPECT_TRUE(wire.destroyed());
}

TEST_F(Closing, LettingGoAfterTheEndIsQuiet) {
  open();
  connection.close();
  wire.ends();
  run();
  events.take();
  let_go();
  run();
  EXPECT_EQ(events.log, Log{});
}

// SC-25 in full: each way to end, from inside each callback, with and without bytes pending.
struct Inside {
  std::string event;
  bool pending;
  std::string how;
};

std::ostream& operator<<(std::ostream& out, const Inside& inside) {
  return out << inside.event << (inside.pending ? "_pending_" : "_idle_") << inside.how;
}

class EndingInside : public ConnectionHarness, public ::testing::TestWithParam<Inside> {};

TEST_P(EndingInside, SC25_IsAllowedAndNothingUncausedFollows) {
  const Inside& inside = GetParam();
  std::size_t at = 0;
  bool acted = false;
  events.on(inside.event, [&] {
    if (std::exchange(acted, true)) return;
    if (inside.pending && connection.is_writeable()) {
      wire.blocks();
      send("pending");
    }
    at = events.log.size();
    if (inside.how == "close") connection.close();
    if (inside.how == "hard_close") connection.hard_close();
    if (inside.how == "let_go") connection = Connection();
  });
  serve();
  run();
  wire.blocks();
  send("fill");
  run();
  wire.takes(Wire::unlimited);
  run();
  wire.receives("in");
  wire.receives("more");
  wire.ends();
  run();
  ASSERT_TRUE(acted);
  wire.takes(Wire::unlimited);
  run();
  advance(seconds(5));

  const Log after(events.log.begin() + static_cast<std::ptrdiff_t>(at), events.log.end());
  if (inside.how == "let_go") {
    EXPECT_EQ(after, Log{});
  } else {
    ASSERT_FALSE(after.empty());
    EXPECT_TRUE(after.back().starts_with("closed:")) << after.back();
    for (const std::string& word : after) {
      EXPECT_FALSE(word.starts_with("received") || word == "end" || word == "unthrottled") << word;
    }
  }
  EXPECT_FALSE(wire.attached());
  let_go();
  run();
  EXPECT_TRUE(wire.destroyed());
}

std::vector<Inside> all_insides() {
  std::vector<Inside> all;
  for (const char* event : {"started", "throttled", "sent", "unthrottled", "received", "end"}) {
    for (const bool pending : {false, true}) {
      for (const char* how : {"close", "hard_close", "let_go"})
        all.push_back({event, pending, how});
    }
  }
  return all;
}

INSTANTIATE_TEST_SUITE_P(Everywhere, EndingInside, ::testing::ValuesIn(all_insides()),
                         ::testing::PrintToStringParamName());

}  // namespace
}  // namespace spillway::testing
