// SC-1 to SC-10: what a send does and answers.
#include "tests/support/connection_harness.hpp"

#include <gtest/gtest.h>

#include <string>
#include <vector>

namespace spillway::testing {
namespace {

using Log = ConnectionHarness::Log;

class Send : public ConnectionHarness, public ::testing::Test {};

TEST_F(Send, SC1_WritesAtOnceAndReturnsAToken) {
  open();
  EXPECT_EQ(send("hello"), "1");
  EXPECT_EQ(wire.written(), "hello");
}

TEST_F(Send, SC1_SendsAListAsOneGatherWrite) {
  open();
  EXPECT_EQ(send_list({"one ", "two ", "three"}), "1");
  EXPECT_EQ(wire.written(), "one two three");
  EXPECT_EQ(wire.write_calls(), 1);
}

TEST_F(Send, SC2_IsNotConnectedBeforeTheConnectionAndAfterItsEnd) {
  EXPECT_EQ(send("x"), "NotConnected");  // an empty handle
  open();
  connection.close();
  EXPECT_EQ(send("x"), "NotConnected");
  run();
  EXPECT_EQ(send("x"), "NotConnected");
  wire.ends();
  run();
  EXPECT_EQ(send("x"), "NotConnected");
}

TEST_F(Send, SC2_IsNotConnectedAfterAHardClose) {
  open();
  connection.hard_close();
  EXPECT_EQ(send("x"), "NotConnected");
}

TEST_F(Send, SC4_IsNotWriteableWhileBytesArePending) {
  open();
  wire.takes(3);
  EXPECT_EQ(send("hello"), "1");
  EXPECT_EQ(send("x"), "NotWriteable");
  EXPECT_EQ(send(""), "NotWriteable");
}

TEST_F(Send, SC5_ARefusedSendSendsNothingAndUsesNoToken) {
  open();
  wire.takes(3);
  EXPECT_EQ(send("hello"), "1");
  EXPECT_EQ(send("refused"), "NotWriteable");
  wire.takes(Wire::unlimited);
  run();
  EXPECT_EQ(send("!"), "2");
  run();
  EXPECT_EQ(wire.written(), "hello!");
  EXPECT_EQ(events.log, (Log{"throttled", "sent:1", "unthrottled", "sent:2"}));
}

TEST_F(Send, SC5_ClosingGoesBeforePending) {
  open();
  wire.blocks();
  send("pending");
  connection.close();
  EXPECT_EQ(send("x"), "NotConnected");
}

TEST_F(Send, SC6_TokensCountFromOnePerConnectionAndCompareById) {
  open();
  const auto first = connection.send(as_bytes("a"));
  const auto second = connection.send(as_bytes("b"));
  EXPECT_EQ(first->id(), 1U);
  EXPECT_EQ(second->id(), 2U);
  EXPECT_LT(*first, *second);
  EXPECT_EQ(*first, *first);

  ConnectionHarness other;
  other.open();
  EXPECT_EQ(other.send("a"), "1");
}

TEST_F(Send, SC7_AcceptsAndCompletesEmptySends) {
  open();
  EXPECT_EQ(send(""), "1");
  EXPECT_EQ(send_list({}), "2");
  EXPECT_EQ(send_list({"", "", ""}), "3");
  run();
  EXPECT_EQ(events.log, (Log{"sent:1", "sent:2", "sent:3"}));
  EXPECT_EQ(wire.write_calls(), 0);
}

TEST_F(Send, SC7_SkipsEmptyBuffersWithinAList) {
  open();
  wire.takes(3);
  EXPECT_EQ(send_list({"", "ab", "", "cd", ""}), "1");
  wire.takes(Wire::unlimited);
  run();
  EXPECT_EQ(wire.written(), "abcd");
}

TEST_F(Send, SC8_NeverReferencesTheBuffersAfterwards) {
  open();
  wire.takes(2);
  {
    std::string text = "gone soon";
    EXPECT_EQ(send(text), "1");
    text.assign(text.size(), '#');
  }
  wire.takes(Wire::unlimited);
  run();
  EXPECT_EQ(wire.written(), "gone soon");
}

TEST_F(Send, SC8_AsksAgainWhenThePlatformTookAPartWithoutBeingFull) {
  open();
  wire.takes_per_call(2);
  EXPECT_EQ(send("hello"), "1");
  EXPECT_EQ(wire.written(), "hello");
  EXPECT_TRUE(connection.is_writeable());
}

TEST_F(Send, SC8_CutsAListInsideABuffer) {
  open();
  wire.takes(5);
  EXPECT_EQ(send_list({"abc", "def", "ghi"}), "1");
  EXPECT_EQ(connection.pending_bytes(), 4U);
  wire.takes(Wire::unlimited);
  run();
  EXPECT_EQ(wire.written(), "abcdefghi");
}

TEST_F(Send, SC9_ManySmallSendsThenOneThatPartlyWrites) {
  open();
  wire.takes(10);
  for (int i = 1; i <= 10; ++i) EXPECT_EQ(send("x"), std::to_string(i));
  EXPECT_EQ(send("last"), "11");
  EXPECT_EQ(send("more"), "NotWriteable");
  EXPECT_EQ(connection.pending_bytes(), 4U);
  run();
  ASSERT_EQ(events.log.size(), 11U);
  EXPECT_EQ(events.log.back(), "throttled");
  wire.takes(Wire::unlimited);
  run();
  EXPECT_EQ(wire.written(), "xxxxxxxxxxlast");
}

TEST_F(Send, SC9_ALargeSendGoesThroughATinySendBuffer) {
  open();
  const std::string large(1000, 'L');
  wire.takes(1);
  EXPECT_EQ(send(large), "1");
  for (int i = 0; i < 999; ++i) {
    EXPECT_EQ(events.count("sent"), 0U);
    wire.takes(1);
    run();
  }
  EXPECT_EQ(wire.written(), large);
  EXPECT_EQ(events.log, (Log{"throttled", "sent:1", "unthrottled"}));
}

TEST_F(Send, SC10_IsWriteableSaysWhatASendWouldMeetWithoutASystemCall) {
  EXPECT_FALSE(connection.is_writeable());
  open();
  EXPECT_TRUE(connection.is_writeable());
  wire.blocks();
  send("x");
  const int calls = wire.write_calls();
  EXPECT_FALSE(connection.is_writeable());
  EXPECT_EQ(wire.write_calls(), calls);
  wire.takes(Wire::unlimited);
  run();
  EXPECT_TRUE(connection.is_writeable());
  connection.close();
  EXPECT_FALSE(connection.is_writeable());
}

TEST_F(Send, SC26_AWriteThatFailsMakesItNotConnectedWithoutAToken) {
  open();
  EXPECT_EQ(send("a"), "1");
  wire.breaks();
  EXPECT_EQ(send("b"), "NotConnected");
  run();
  EXPECT_EQ(events.log, (Log{"sent:1", "closed:reset:1"}));
}

TEST_F(Send, SC26_AWriteThatFailsAfterAPartHasNoTokenEither) {
  open();
  wire.takes(2);
  wire.breaks();
  EXPECT_EQ(send("hello"), "NotConnected");
  run();
  EXPECT_EQ(events.log, Log{"closed:reset:0"});
}

TEST_F(Send, TellsWhatThePeerHasNotAcknowledged) {
  EXPECT_EQ(connection.unacknowledged_bytes(), 0U);  // an empty handle
  open();
  EXPECT_EQ(connection.unacknowledged_bytes(), 0U);
  wire.takes(3);
  send("hello");
  EXPECT_EQ(connection.unacknowledged_bytes(), 2U) << "they have not gone out";
  wire.keeps_unacknowledged(3);
  EXPECT_EQ(connection.unacknowledged_bytes(), 5U);
  wire.takes(Wire::unlimited);
  wire.keeps_unacknowledged(5);
  run();
  EXPECT_EQ(connection.pending_bytes(), 0U);
  EXPECT_EQ(connection.unacknowledged_bytes(), 5U) << "the system took them, not yet the peer";
  wire.keeps_unacknowledged(0);
  EXPECT_EQ(connection.unacknowledged_bytes(), 0U);
}

TEST_F(Send, HasNothingUnacknowledgedOnceItIsOver) {
  open();
  wire.takes(3);
  send("hello");
  wire.keeps_unacknowledged(3);
  connection.hard_close();
  EXPECT_EQ(connection.unacknowledged_bytes(), 0U);
  run();
  EXPECT_EQ(connection.unacknowledged_bytes(), 0U);
}

}  // namespace
}  // namespace spillway::testing
