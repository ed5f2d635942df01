// start_tls: TLS over a connection that was plain (SC-31).
#include "tests/lib/connection_tls/tls_connection.hpp"

namespace spillway {
namespace {

using testing::layers;
using testing::tls_server;
using testing::TlsConnection;
using testing::Wire;
using Log = TlsConnection::Log;

class Upgrade : public ::testing::Test, public TlsConnection {
 protected:
  Upgrade() { open(); }

  // Talks up to the request of the client, who starts its handshake when it is answered.
  void ask() {
    events.on("received:STARTTLS", [this] {
      send("go ahead");
      start = connection.start_tls(tls_server());
    });
    wire.receives("STARTTLS");
    run();
    EXPECT_EQ(wire.take(), "go ahead");
    EXPECT_EQ(events.take(), (Log{"received:STARTTLS", "sent:1"}));
  }
  StartTlsError refusal() { return connection.start_tls(tls_server()).error(); }

  boost::system::result<void, StartTlsError> start = StartTlsError::NotConnected;
};

TEST_F(Upgrade, inside_on_received_goes_on_with_tls) {
  ask();
  EXPECT_TRUE(start.has_value());
  EXPECT_EQ(send("x"), "NotReady");
  EXPECT_TRUE(connection.is_open());
  std::string inside;
  events.on("tls_started", [&] { inside = send("secret"); });
  peer.start();
  talk();
  EXPECT_EQ(inside, "2");
  EXPECT_EQ(peer.heard(), "secret");
  peer.say("answer");
  talk();
  EXPECT_EQ(events.take(), (Log{"tls_started", "sent:2", "received:answer"}));
}

TEST_F(Upgrade, takes_a_handshake_byte_by_byte) {
  ask();
  peer.speak_in_pieces_of(1);
  peer.start();
  peer.say("");
  talk();
  EXPECT_EQ(events.take(), Log{"tls_started"});
}

// SC-31: bytes that came before the handshake must not pass for bytes that came after it.
TEST(UpgradeOfTls, is_refused_while_received_bytes_are_held) {
  TlsConnection it;
  it.serve(layers(tls_server()));
  it.connection.mute();
  it.wire.receives(it.peer.opening());
  it.run();
  const std::string finished = it.peer.answer_to(it.wire.take());
  it.wire.receives(finished + it.peer.words("injected"));
  it.run();
  EXPECT_EQ(it.connection.start_tls(tls_server()).error(), StartTlsError::UndeliveredBytes);
  it.connection.unmute();
  EXPECT_EQ(it.connection.start_tls(tls_server()).error(), StartTlsError::UndeliveredBytes);
  it.run();
  EXPECT_EQ(it.events.take(), (Log{"started", "received:injected"}));
  EXPECT_TRUE(it.connection.start_tls(tls_server()).has_value());
}

// The layer has said that nothing follows; the connection itself tells so a moment later.
TEST(UpgradeOfTls, is_refused_in_the_delivery_of_the_last_bytes) {
  TlsConnection it;
  it.accept();
  auto refusal = StartTlsError::NotReady;
  it.events.on("received", [&] { refusal = it.connection.start_tls(tls_server()).error(); });
  const std::string last = it.peer.words("last");
  it.wire.receives(last + it.peer.goodbye());
  it.run();
  EXPECT_EQ(refusal, StartTlsError::NotConnected);
  EXPECT_EQ(it.events.take(), (Log{"received:last", "end"}));
}

// SC-21: the lower layer's goodbye does not wait for one that still shakes hands.
TEST(UpgradeOfTls, does_not_keep_the_lower_layer_from_its_close_notify) {
  TlsConnection it;
  it.accept();
  ASSERT_TRUE(it.connection.start_tls(tls_server()).has_value());
  it.connection.close();
  it.talk();
  EXPECT_EQ(it.peer.status(), LayerStatus::finished);
  EXPECT_TRUE(it.wire.fin());
}

TEST_F(Upgrade, is_refused_while_bytes_are_pending) {
  wire.takes(2);
  send("hello");
  EXPECT_EQ(refusal(), StartTlsError::NotWriteable);
  wire.takes(Wire::unlimited);
  run();
  EXPECT_TRUE(connection.start_tls(tls_server()).has_value());
}

TEST_F(Upgrade, is_refused_while_another_runs) {
  ask();
  EXPECT_EQ(refusal(), StartTlsError::NotReady);
}

TEST_F(Upgrade, is_refused_after_the_peers_end_and_after_close) {
  wire.ends();
  run();
  EXPECT_EQ(refusal(), StartTlsError::NotConnected);
  connection.close();
  EXPECT_EQ(refusal(), StartTlsError::NotConnected);
  run();
  EXPECT_EQ(refusal(), StartTlsError::NotConnected);
}

TEST_F(Upgrade, that_was_refused_changes_nothing) {
  wire.takes(2);
  send("hello");
  EXPECT_EQ(refusal(), StartTlsError::NotWriteable);
  wire.takes(Wire::unlimited);
  run();
  EXPECT_EQ(wire.take(), "hello");
  EXPECT_EQ(send("plain"), "2");
  EXPECT_EQ(wire.take(), "plain");
}

TEST_F(Upgrade, that_fails_closes_the_connection_with_the_layers_words) {
  ask();
  wire.receives("this is no ClientHello");
  run();
  EXPECT_EQ(events.take(), Log{"closed:layer_failed:1"});
  EXPECT_NE(events.last_detail, "");
  EXPECT_TRUE(wire.closed());
}

TEST_F(Upgrade, that_the_peer_leaves_is_a_truncation) {
  ask();
  peer.start();
  run();
  wire.ends();
  run();
  EXPECT_EQ(events.take(), Log{"closed:truncated:1"});
}

TEST_F(Upgrade, that_takes_too_long_is_timed_out) {
  ask();
  advance(std::chrono::milliseconds(9999));
  EXPECT_EQ(events.take(), Log{});
  advance(std::chrono::milliseconds(1));
  EXPECT_EQ(events.take(), Log{"closed:timed_out:1"});
  EXPECT_TRUE(wire.aborted());
}

TEST_F(Upgrade, has_no_deadline_any_more_once_it_is_done) {
  ask();
  peer.start();
  talk();
  advance(std::chrono::hours(1));
  EXPECT_EQ(events.take(), Log{"tls_started"});
}

// SC-20: the handshake is no delivery.
TEST_F(Upgrade, goes_on_while_muted) {
  ask();
  connection.mute();
  peer.start();
  talk();
  EXPECT_EQ(events.take(), Log{"tls_started"});
  peer.say("held");
  talk();
  EXPECT_EQ(events.take(), Log{});
}

// SC-24: the goodbye is that of the layers which are there now.
TEST_F(Upgrade, ends_with_a_close_notify) {
  ask();
  peer.start();
  talk();
  connection.close();
  talk();
  EXPECT_EQ(peer.status(), LayerStatus::finished);
}

}  // namespace
}  // namespace spillway
