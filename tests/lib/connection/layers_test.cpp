// SC-3, SC-12, SC-18, SC-27 to SC-30: connections with layers.
#include "tests/support/connection_harness.hpp"
#include "tests/support/parley_layer.hpp"

#include <gtest/gtest.h>

#include <memory>
#include <string>

namespace spillway::testing {
namespace {

using Log = ConnectionHarness::Log;
using std::chrono::seconds;

class WithLayers : public ConnectionHarness, public ::testing::Test {
 protected:
  // The layers' scripts outlive the connection.
  ~WithLayers() override { let_go(); }

  ParleyScript script;
  ParleyScript upper;

  std::unique_ptr<Interceptor> parley() { return std::make_unique<ParleyLayer>(script); }
  std::unique_ptr<Interceptor> upper_parley() { return std::make_unique<ParleyLayer>(upper); }
  void open_parley() {
    serve(layers(parley()));
    wire.receives("hello;");
    run();
    ASSERT_EQ(events.take(), Log{"started"});
  }
};

TEST_F(WithLayers, SC3_IsNotReadyUntilTheLayerIs) {
  serve(layers(parley()));
  run();
  EXPECT_EQ(send("x"), "NotReady");
  EXPECT_FALSE(connection.is_writeable());
  EXPECT_EQ(events.log, Log{});
  wire.receives("hello;");
  run();
  EXPECT_EQ(events.log, Log{"started"});
  EXPECT_EQ(send("x"), "1");
  EXPECT_EQ(wire.written(), "<x>;");
}

TEST_F(WithLayers, SC5_NotReadyGoesBeforeNotWriteable) {
  script.greeting = "a long greeting;";
  wire.takes(3);
  serve(layers(parley()));
  EXPECT_GT(connection.pending_bytes(), 0U);
  EXPECT_EQ(send("x"), "NotReady");
}

TEST_F(WithLayers, SC27_AHandshakeMayComeByteByByte) {
  serve(layers(parley()));
  for (const char letter : std::string("hello;<a>;<b>;")) {
    wire.receives(std::string(1, letter));
    run();
  }
  EXPECT_EQ(events.log, (Log{"started", "received:a", "received:b"}));
}

TEST_F(WithLayers, SC27_ManyUnitsInOneReadGoUpTogether) {
  serve(layers(parley()));
  wire.receives("hello;<a>;<b>;ping;<c>;");
  run();
  EXPECT_EQ(events.log, (Log{"started", "received:abc"}));
  EXPECT_EQ(wire.written(), "pong;");
}

TEST_F(WithLayers, SC27_ALayerMayBeReadyAndSpeakAtSetUp) {
  script.waits_for_hello = false;
  script.greeting = "hi;";
  serve(layers(parley()));
  EXPECT_EQ(wire.written(), "hi;");
  run();
  EXPECT_EQ(events.log, Log{"started"});
}

TEST_F(WithLayers, SC27_ALayerMayFailAtSetUp) {
  script.fails_at_set_up = true;
  serve(layers(parley()));
  EXPECT_EQ(send("x"), "NotConnected");
  run();
  EXPECT_EQ(events.log, Log{"failed:layer_failed"});
  EXPECT_EQ(events.last_detail, "parley failed");
  EXPECT_EQ(script.tear_downs, 1);
}

TEST_F(WithLayers, SC27_AFailedHandshakeStillSaysItsLastWord) {
  serve(layers(parley()));
  wire.receives("garbage;");
  run();
  EXPECT_EQ(events.log, Log{"failed:layer_failed"});
  EXPECT_EQ(wire.written(), "alert;");
  EXPECT_TRUE(wire.closed()) << "a reset could destroy the alert on its way";
}

TEST_F(WithLayers, SC27_WhatCameBeforeAFailureIsDeliveredFirst) {
  open_parley();
  wire.receives("<good>;bad;<not good>;");
  run();
  EXPECT_EQ(events.log, (Log{"received:good", "closed:layer_failed:0"}));
}

TEST_F(WithLayers, SC27_PlainBytesThatASendBringsUpAreDeliveredLater) {
  script.up_at_outgoing = "echo of the layer";
  open_parley();
  send("x");
  EXPECT_EQ(events.log, Log{});
  run();
  EXPECT_EQ(events.log, (Log{"sent:1", "received:echo of the layer"}));
}

TEST_F(WithLayers, SC27_EachLayerIsTornDownOnceReadyOrNot) {
  serve(layers(parley()));
  run();
  let_go();
  run();
  EXPECT_EQ(script.tear_downs, 1);

  script = ParleyScript();
  ConnectionHarness other;
  other.serve(layers(parley(), upper_parley()));
  other.wire.receives("hello;");
  other.run();
  other.connection.hard_close();
  other.run();
  EXPECT_EQ(script.tear_downs, 1);
  EXPECT_EQ(upper.set_ups, 1);
  EXPECT_EQ(upper.tear_downs, 1);
  other.let_go();
  other.run();
  EXPECT_EQ(upper.tear_downs, 1);
}

TEST_F(WithLayers, SC23_TheHandshakeDeadlineFailsTheStart) {
  serve(layers(parley()));
  advance(seconds(9));
  EXPECT_EQ(events.log, Log{});
  advance(seconds(1));
  EXPECT_EQ(events.log, Log{"failed:handshake_timeout"});
}

TEST_F(WithLayers, SC23_TheHandshakeDeadlineEndsWithTheHandshake) {
  open_parley();
  advance(seconds(1000));
  EXPECT_EQ(events.log, Log{});
}

TEST_F(WithLayers, SC23_APeerThatLeavesOrResetsDuringTheHandshake) {
  serve(layers(parley()));
  wire.receives("hel");
  wire.ends();
  run();
  EXPECT_EQ(events.log, Log{"failed:peer_ended"});

  ConnectionHarness other;
  other.serve(layers(parley()));
  other.wire.resets();
  other.run();
  EXPECT_EQ(other.events.log, Log{"failed:reset"});
}

TEST_F(WithLayers, SC23_CloseDuringTheHandshakeCancels) {
  serve(layers(parley()));
  run();
  connection.close();
  run();
  EXPECT_EQ(events.log, Log{"failed:cancelled"});
}

TEST_F(WithLayers, SC20_MutingDoesNotStopTheHandshakeAndHoldsWhatComesWithIt) {
  serve(layers(parley()));
  connection.mute();
  wire.receives("hello;<held>;");
  run();
  EXPECT_EQ(events.log, Log{"started"});
  connection.unmute();
  run();
  EXPECT_EQ(events.log, (Log{"started", "received:held"}));
}

TEST_F(WithLayers, SC12_ASendCompletesThoughProtocolBytesBehindItArePending) {
  open_parley();
  wire.takes(2);
  EXPECT_EQ(send("x"), "1");  // "<x>;": two bytes pending
  wire.receives("ping;");
  run();
  EXPECT_EQ(connection.pending_bytes(), 2U + 5U);
  wire.takes(2);
  run();
  EXPECT_EQ(events.log, (Log{"throttled", "sent:1"}));
  EXPECT_FALSE(connection.is_writeable());
  EXPECT_EQ(send("y"), "NotWriteable");
  wire.takes(Wire::unlimited);
  run();
  EXPECT_EQ(events.log, (Log{"throttled", "sent:1", "unthrottled"}));
  EXPECT_EQ(wire.written(), "<x>;pong;");
}

TEST_F(WithLayers, SC18_ProtocolBytesThrottleByThemselves) {
  open_parley();
  wire.blocks();
  events.on("received", [&] { EXPECT_EQ(send("answer"), "NotWriteable"); });
  wire.receives("ping;<in>;");
  run();
  EXPECT_EQ(events.log, (Log{"throttled", "received:in"}));
  wire.takes(Wire::unlimited);
  run();
  EXPECT_EQ(events.log, (Log{"throttled", "received:in", "unthrottled"}));
}

TEST_F(WithLayers, SC9_APeerThatAsksForAnswersAndReadsNoneIsNotReadFrom) {
  open_parley();
  wire.blocks();
  std::string pings;
  for (int i = 0; i < 1000; ++i) pings += "ping;";
  for (int i = 0; i < 100; ++i) wire.receives(pings);
  run();
  EXPECT_GT(connection.pending_bytes(), 64U * 1024);
  EXPECT_LT(connection.pending_bytes(), 70U * 1024);
  wire.takes(Wire::unlimited);
  run();
  EXPECT_EQ(wire.written().size(), 100U * pings.size());
  EXPECT_EQ(events.log, (Log{"throttled", "unthrottled"}));
}

TEST_F(WithLayers, SC19_ALargePendingSendDoesNotStopReading) {
  open_parley();
  wire.blocks();
  send(std::string(1'000'000, 'x'));
  wire.receives("<in>;");
  run();
  EXPECT_EQ(events.log, (Log{"throttled", "received:in"}));
}

TEST_F(WithLayers, SC17_AThrottleFromTheHandshakeIsToldAfterTheStart) {
  serve(layers(parley()));
  wire.blocks();
  wire.receives("ping;hello;");
  run();
  EXPECT_EQ(events.log, (Log{"started", "throttled"}));
}

TEST_F(WithLayers, SC20_ProtocolAnswersGoOutWhileMuted) {
  open_parley();
  wire.blocks();
  wire.receives("ping;");
  run();
  connection.mute();
  wire.takes(Wire::unlimited);
  run();
  EXPECT_EQ(wire.written(), "pong;");
  EXPECT_EQ(events.log, (Log{"throttled", "unthrottled"}));
}

TEST_F(WithLayers, SC21_CloseSaysTheLayersGoodbyeBehindPendingBytes) {
  open_parley();
  wire.takes(1);
  send("x");
  connection.close();
  wire.takes(Wire::unlimited);
  run();
  EXPECT_EQ(wire.written(), "<x>;end;");
  EXPECT_TRUE(wire.fin());
}

TEST_F(WithLayers, SC21_AGoodbyeThatDoesNotFitIsWaitedFor) {
  open_parley();
  wire.takes(2);
  connection.close();
  run();
  EXPECT_EQ(wire.written(), "en");
  EXPECT_FALSE(wire.fin());
  wire.takes(Wire::unlimited);
  run();
  EXPECT_EQ(wire.written(), "end;");
  EXPECT_TRUE(wire.fin());
}

TEST_F(WithLayers, SC24_TheLayersEndIsTheEndOfStream) {
  open_parley();
  wire.receives("<last>;end;<never>;");
  run();
  EXPECT_EQ(events.log, (Log{"received:last", "end"}));
  EXPECT_EQ(send("still writeable"), "1");
}

TEST_F(WithLayers, SC21_CloseInsideTheDeliveryThatTheLayersEndFollowsNeedsNoWait) {
  open_parley();
  events.on("received", [&] { connection.close(); });
  wire.receives("<last>;end;");
  run();
  EXPECT_EQ(events.log, (Log{"received:last", "closed:closed:0"}));
  EXPECT_TRUE(wire.closed());
}

TEST_F(WithLayers, SC27_AHandshakeThatTheEndOfInputLeavesUnfinishedFailsAtOnce) {
  class Hesitant final : public Interceptor {
   public:
    LayerStatus set_up(LayerOutput) override { return LayerStatus::handshaking; }
    LayerStatus incoming(Bytes, LayerOutput) override { return LayerStatus::handshaking; }
    LayerStatus outgoing(BufferList, LayerOutput) override { return LayerStatus::handshaking; }
    LayerStatus end_of_input(LayerOutput) override { return LayerStatus::handshaking; }
    void say_goodbye(LayerOutput) override {}
    void tear_down() noexcept override {}
    [[nodiscard]] std::string failure() const override { return {}; }
  };
  serve(layers(std::make_unique<Hesitant>()));
  wire.ends();
  run();
  EXPECT_EQ(events.log, Log{"failed:peer_ended"});
}

/// Waits for the end of its input, then passes everything on: as what looks at the first bytes does
/// with a peer that says less than expected.
class PatientLayer final : public Interceptor {
 public:
  LayerStatus set_up(LayerOutput) override { return LayerStatus::handshaking; }
  LayerStatus incoming(Bytes wire, LayerOutput) override {
    bytes_.append(wire);
    return LayerStatus::handshaking;
  }
  LayerStatus outgoing(BufferList, LayerOutput) override { return LayerStatus::finished; }
  LayerStatus end_of_input(LayerOutput output) override {
    output.up.append(bytes_.data());
    return LayerStatus::finished;
  }
  void say_goodbye(LayerOutput) override {}
  void tear_down() noexcept override {}
  [[nodiscard]] std::string failure() const override { return {}; }

 private:
  ByteBuffer bytes_;
};

TEST_F(WithLayers, SC27_ALayerMayBecomeReadyAtTheEndOfItsInput) {
  serve(layers(std::make_unique<PatientLayer>()));
  wire.receives("hi");
  wire.ends();
  run();
  EXPECT_EQ(events.log, (Log{"started", "received:hi", "end"}));
}

TEST_F(WithLayers, SC22_HalfASendIsNeverFollowedByACleanEnd) {
  open_parley();
  wire.takes(3);
  send("abcdef");
  run();
  wire.receives("bad;");
  run();
  EXPECT_EQ(events.log, (Log{"throttled", "closed:layer_failed:0"}));
  EXPECT_TRUE(wire.aborted());
}

TEST_F(WithLayers, SC24_AnEndWithoutTheLayersGoodbyeIsATruncation) {
  open_parley();
  wire.receives("<last>;");
  wire.ends();
  run();
  EXPECT_EQ(events.log, (Log{"received:last", "closed:truncated:0"}));
}

TEST_F(WithLayers, SC26_BytesThatCameAreDeliveredThoughTheLayersAnswerFails) {
  open_parley();
  wire.breaks();
  wire.receives("ping;<last>;");
  run();
  EXPECT_EQ(events.log, (Log{"received:last", "closed:reset:0"}));
}

TEST_F(WithLayers, SC29_ALayerThatFailsInsideASendMakesItNotConnected) {
  open_parley();
  EXPECT_EQ(send("a"), "1");
  script.fails_outgoing = true;
  script.before_outgoing = "alert;";
  EXPECT_EQ(send("b"), "NotConnected");
  run();
  EXPECT_EQ(events.log, (Log{"sent:1", "closed:layer_failed:1"}));
  EXPECT_EQ(wire.written(), "<a>;alert;");
  EXPECT_EQ(script.tear_downs, 1);
}

TEST_F(WithLayers, SC28_LayersStack) {
  serve(layers(parley(), upper_parley()));
  upper.greeting = "from above;";
  run();
  EXPECT_EQ(upper.set_ups, 0) << "its first bytes could not pass yet";
  wire.receives("hello;");
  run();
  EXPECT_EQ(upper.set_ups, 1);
  EXPECT_EQ(wire.take(), "<from above;>;");
  EXPECT_EQ(send("x"), "NotReady");
  wire.receives("<hello;<in>;>;");
  run();
  EXPECT_EQ(events.log, (Log{"started", "received:in"}));
  EXPECT_EQ(send("out"), "1");
  EXPECT_EQ(wire.take(), "<<out>;>;");
  wire.receives("<ping;>;");
  run();
  EXPECT_EQ(wire.take(), "<pong;>;");
  connection.close();
  EXPECT_EQ(wire.take(), "<end;>;end;");
}

TEST_F(WithLayers, SC28_TheEndOfALowerLayerTruncatesAnUpperOne) {
  upper.waits_for_hello = false;
  serve(layers(parley(), upper_parley()));
  wire.receives("hello;");
  run();
  wire.receives("end;");
  run();
  EXPECT_EQ(events.log, (Log{"started", "closed:truncated:0"}));
}

TEST_F(WithLayers, SC28_TwoCleanEndsAreOneEndOfStream) {
  upper.waits_for_hello = false;
  serve(layers(parley(), upper_parley()));
  wire.receives("hello;<end;>;end;");
  wire.ends();
  run();
  EXPECT_EQ(events.log, (Log{"started", "end"}));
}

}  // namespace
}  // namespace spillway::testing
