// SC-31: putting a layer on an open connection.
#include "tests/support/connection_harness.hpp"
#include "tests/support/parley_layer.hpp"

#include <gtest/gtest.h>

#include <memory>
#include <string>

namespace spillway::testing {
namespace {

using Log = ConnectionHarness::Log;
using std::chrono::seconds;

class StartTls : public ConnectionHarness, public ::testing::Test {
 protected:
  // The layers' scripts outlive the connection.
  ~StartTls() override { let_go(); }

  ParleyScript script;
  ParleyScript below;

  std::string start_tls() {
    return events.call([&] {
      const auto result = connection.start_tls(std::make_unique<ParleyLayer>(script));
      return result ? std::string("ok") : std::string(to_string(result.error()));
    });
  }
};

TEST_F(StartTls, UpgradesFromInsideReceived) {
  open();
  events.on("received:STARTTLS", [&] {
    EXPECT_EQ(send("220 go ahead\n"), "1");
    EXPECT_EQ(start_tls(), "ok");
    EXPECT_EQ(send("x"), "NotReady");
  });
  wire.receives("STARTTLS");
  wire.receives("hello;<in>;");
  run();
  EXPECT_EQ(events.log, (Log{"received:STARTTLS", "sent:1", "tls_started", "received:in"}));
  EXPECT_EQ(send("out"), "2");
  EXPECT_EQ(wire.written(), "220 go ahead\n<out>;");
}

TEST_F(StartTls, ALayerThatIsReadyAtOnceIsToldLater) {
  script.waits_for_hello = false;
  open();
  EXPECT_EQ(start_tls(), "ok");
  EXPECT_EQ(events.log, Log{});
  run();
  EXPECT_EQ(events.log, Log{"tls_started"});
}

TEST_F(StartTls, SC14_TheUpgradeStandsBetweenTheSendsBeforeAndAfterIt) {
  script.waits_for_hello = false;
  open();
  events.on("received", [&] {
    send("before");
    EXPECT_EQ(start_tls(), "ok");
    send("after");
  });
  wire.receives("STARTTLS");
  run();
  EXPECT_EQ(events.log, (Log{"received:STARTTLS", "sent:1", "tls_started", "sent:2"}));
}

TEST_F(StartTls, SC15_AThrottleOfTheHandshakeEndsWhenSendsAreAcceptedAgain) {
  script.greeting = "a greeting;";
  open();
  wire.blocks();
  EXPECT_EQ(start_tls(), "ok");
  run();
  events.on("unthrottled", [&] { EXPECT_TRUE(connection.is_writeable()); });
  wire.takes(Wire::unlimited);
  run();
  EXPECT_EQ(events.log, Log{"throttled"});
  wire.receives("hello;");
  run();
  EXPECT_EQ(events.log, (Log{"throttled", "tls_started", "unthrottled"}));
}

TEST_F(StartTls, IsRefusedBeforeTheStartAndAfterTheEnd) {
  EXPECT_EQ(start_tls(), "not connected");
  open();
  connection.close();
  EXPECT_EQ(start_tls(), "not connected");
}

TEST_F(StartTls, IsRefusedWhileALayerIsNotReady) {
  open();
  EXPECT_EQ(start_tls(), "ok");
  EXPECT_EQ(start_tls(), "not ready");
}

TEST_F(StartTls, IsRefusedWhileBytesArePending) {
  open();
  wire.blocks();
  send("pending");
  EXPECT_EQ(start_tls(), "not writeable");
  EXPECT_EQ(script.set_ups, 0);
}

TEST_F(StartTls, IsRefusedWhileReceivedBytesAreHeld) {
  serve(layers(std::make_unique<ParleyLayer>(below)));
  connection.mute();
  wire.receives("hello;<injected before the handshake>;");
  run();
  EXPECT_EQ(start_tls(), "received bytes are not delivered yet");
  connection.unmute();
  run();
  EXPECT_EQ(events.take(), (Log{"started", "received:injected before the handshake"}));
  EXPECT_EQ(start_tls(), "ok");
}

TEST_F(StartTls, IsRefusedInsideACallbackThatComesBeforeBytesAlreadyRead) {
  serve(layers(std::make_unique<ParleyLayer>(below)));
  events.on("started", [&] { EXPECT_EQ(start_tls(), "received bytes are not delivered yet"); });
  wire.receives("hello;<injected>;");
  run();
  EXPECT_EQ(events.log, (Log{"started", "received:injected"}));
}

TEST_F(StartTls, IsRefusedAfterThePeersEnd) {
  open();
  wire.ends();
  run();
  EXPECT_EQ(start_tls(), "not connected");
}

TEST_F(StartTls, AFailedHandshakeClosesTheConnection) {
  open();
  EXPECT_EQ(start_tls(), "ok");
  wire.receives("garbage;");
  run();
  EXPECT_EQ(events.log, Log{"closed:layer_failed:0"});
  EXPECT_EQ(script.tear_downs, 1);
}

TEST_F(StartTls, APeerThatLeavesDuringTheHandshakeIsATruncation) {
  open();
  EXPECT_EQ(start_tls(), "ok");
  wire.ends();
  run();
  EXPECT_EQ(events.log, Log{"closed:truncated:0"});
}

TEST_F(StartTls, ASlowHandshakeTimesOut) {
  open();
  EXPECT_EQ(start_tls(), "ok");
  advance(seconds(10));
  EXPECT_EQ(events.log, Log{"closed:timed_out:0"});
}

TEST_F(StartTls, SC21_ACloseInsideTheTurnOfTheDeadlineLingers) {
  open();
  events.on("sent", [&] { connection.close(); });
  send("x");
  EXPECT_EQ(start_tls(), "ok");
  clock.advance(seconds(10));
  run();
  EXPECT_EQ(events.log, Log{"sent:1"});
  advance(seconds(5));
  EXPECT_EQ(events.log, (Log{"sent:1", "closed:linger_timeout:1"}));
}

TEST_F(StartTls, AMutedConnectionShakesHandsAllTheSame) {
  open();
  connection.mute();
  EXPECT_EQ(start_tls(), "ok");
  wire.receives("hello;<held>;");
  run();
  EXPECT_EQ(events.log, Log{"tls_started"});
  connection.unmute();
  run();
  EXPECT_EQ(events.log, (Log{"tls_started", "received:held"}));
}

TEST_F(StartTls, CloseDuringTheHandshakeLingersAsEver) {
  open();
  EXPECT_EQ(start_tls(), "ok");
  connection.close();
  wire.ends();
  run();
  EXPECT_EQ(events.log, Log{"closed:closed:0"});
}

}  // namespace
}  // namespace spillway::testing
