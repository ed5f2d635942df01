// Each of these was wrong once; the simulation found most of them.
#include "tests/support/connection_harness.hpp"
#include "tests/support/parley_layer.hpp"

#include <gtest/gtest.h>

namespace spillway {
namespace {

using testing::layers;
using testing::ParleyLayer;
using testing::ParleyScript;
using testing::Wire;

class Regression : public ::testing::Test, public testing::ConnectionHarness {
 protected:
  // The scripts outlive the layers.
  ~Regression() override {
    let_go();
    turn();
  }

  static std::unique_ptr<ParleyLayer> parley(ParleyScript& script) {
    return std::make_unique<ParleyLayer>(script);
  }
  // Started, with the layer `below` on it.
  void open_layered() {
    serve(layers(parley(below)));
    wire.receives("hello;");
    run();
    EXPECT_EQ(events.take(), Log{"started"});
    wire.take();
  }

  ParleyScript below;
  ParleyScript above;
};

// SC-19: what the last callback of an event changed was not watched for.
TEST_F(Regression, unmuting_in_the_last_callback_of_an_event_reads_on) {
  serve(layers(parley(below)));
  connection.mute();
  events.on("throttled", [&] { connection.unmute(); });
  wire.blocks();
  wire.receives("hello;ping;");
  wire.poll();
  EXPECT_EQ(events.take(), (Log{"started", "throttled"}));
  EXPECT_TRUE(wire.interest().readable);
}

// The harness fails the test on any call to a closed transport.
TEST_F(Regression, a_broken_transport_is_left_alone_once_a_callback_closed_the_connection) {
  open();
  send("x");
  events.on("sent", [&] { connection.hard_close(); });
  wire.fire({.readable = true, .writeable = true, .failed = true});
  run();
  EXPECT_EQ(events.take(), (Log{"sent:1", "closed:hard_closed:1"}));
}

// SC-21: the linger began with the close, not with the deadline that was due before it.
TEST_F(Regression, a_close_in_a_callback_due_before_a_deadline_still_lingers) {
  open();
  send("x");
  ASSERT_TRUE(connection.start_tls(parley(below)).has_value());
  events.on("sent", [&] { connection.close(); });
  clock.advance(std::chrono::seconds(10));
  turn();
  EXPECT_EQ(events.take(), Log{"sent:1"});
  advance(std::chrono::seconds(5));
  EXPECT_EQ(events.take(), Log{"closed:linger_timeout:1"});
}

// SC-2: what is lost for good is NotConnected, also while what came before is being delivered.
TEST_F(Regression, nothing_can_be_sent_while_the_bytes_before_a_failure_are_delivered) {
  open_layered();
  std::string inside;
  events.on("received", [&] {
    EXPECT_FALSE(connection.is_open());
    EXPECT_FALSE(connection.is_writeable());
    inside = send("x");
  });
  wire.receives("<news>;bad;");
  run();
  EXPECT_EQ(inside, "NotConnected");
  EXPECT_EQ(events.take(), (Log{"received:news", "closed:layer_failed:0"}));
}

// SC-10: the same when it is the answer of a layer that could not be written.
TEST_F(Regression, nothing_can_be_sent_while_the_bytes_before_a_broken_write_are_delivered) {
  open_layered();
  std::string inside;
  events.on("received", [&] {
    EXPECT_FALSE(connection.is_writeable());
    inside = send("");
  });
  wire.breaks();
  wire.receives("<news>;ping;");
  run();
  EXPECT_EQ(inside, "NotConnected");
  EXPECT_EQ(events.take(), (Log{"received:news", "closed:reset:0"}));
}

// SC-24: half-closed, the peer still asks; the answer would be written behind the FIN.
TEST_F(Regression, protocol_bytes_are_not_written_behind_the_fin) {
  open_layered();
  connection.shutdown_send();
  ASSERT_TRUE(wire.fin());
  wire.take();
  wire.receives("ping;<more>;");
  run();
  EXPECT_EQ(wire.written(), "");
  EXPECT_EQ(events.take(), Log{"received:more"});
}

// SC-28: a layer that said goodbye takes nothing more from the one above it.
TEST_F(Regression, nothing_goes_down_through_a_layer_that_said_goodbye) {
  serve(layers(parley(below), parley(above)));
  wire.receives("hello;<hello;>;");
  run();
  connection.shutdown_send();
  below.fails_outgoing = true;
  wire.receives("<ping;<more>;>;");
  run();
  EXPECT_EQ(events.take(), (Log{"started", "received:more"}));
}

// SC-21: an upgrade under way has no goodbye to say, but the layer below it has.
TEST_F(Regression, a_close_during_an_upgrade_says_the_goodbye_of_the_layer_below) {
  open_layered();
  ASSERT_TRUE(connection.start_tls(parley(above)).has_value());
  connection.close();
  EXPECT_EQ(wire.written(), "end;");
  EXPECT_TRUE(wire.fin());
}

// SC-27: each call of a layer can fail; one that passes a goodbye on, too.
TEST_F(Regression, a_layer_that_fails_at_the_goodbye_closes_the_connection) {
  serve(layers(parley(below), parley(above)));
  wire.receives("hello;<hello;>;");
  run();
  below.fails_outgoing = true;
  connection.close();
  run();
  EXPECT_EQ(events.take(), (Log{"started", "closed:layer_failed:0"}));
  EXPECT_FALSE(wire.fin());
}

// SC-31: an upgrade that is ready but not told yet is not over: its on_tls_started would be lost.
TEST_F(Regression, an_upgrade_is_refused_until_the_one_before_is_told) {
  open();
  below.waits_for_hello = false;
  above.waits_for_hello = false;
  ASSERT_TRUE(connection.start_tls(parley(below)).has_value());
  EXPECT_EQ(connection.start_tls(parley(above)).error(), StartTlsError::NotReady);
  run();
  EXPECT_EQ(events.take(), Log{"tls_started"});
  EXPECT_TRUE(connection.start_tls(parley(above)).has_value());
}

// SC-31: the layer's end is known before the connection's.
TEST_F(Regression, an_upgrade_is_refused_while_the_last_bytes_are_delivered) {
  open_layered();
  auto refusal = StartTlsError::NotReady;
  events.on("received", [&] { refusal = connection.start_tls(parley(above)).error(); });
  wire.receives("<last>;end;");
  run();
  EXPECT_EQ(refusal, StartTlsError::NotConnected);
  EXPECT_EQ(events.take(), (Log{"received:last", "end"}));
}

// SC-24: the layer below ends cleanly, the one above does not.
TEST_F(Regression, an_end_of_a_lower_layer_truncates_the_one_above) {
  serve(layers(parley(below), parley(above)));
  wire.receives("hello;<hello;>;");
  wire.receives("end;");
  run();
  EXPECT_EQ(events.take(), (Log{"started", "closed:truncated:0"}));
}

}  // namespace
}  // namespace spillway
