#include "tests/lib/connection_tls/tls_connection.hpp"

namespace spillway {
namespace {

using testing::layers;
using testing::Recorder;
using testing::tls_client;
using testing::tls_server;
using testing::TlsConnection;
using testing::TlsPeer;
using testing::TlsRole;
using Log = TlsConnection::Log;

class TlsStart : public ::testing::TestWithParam<TlsVersion>, public TlsConnection {
 protected:
  TlsStart() : TlsConnection(GetParam()) {}
};

INSTANTIATE_TEST_SUITE_P(Versions, TlsStart,
                         ::testing::Values(TlsVersion::tls_1_2, TlsVersion::tls_1_3),
                         [](const auto& tested) { return testing::name_of(tested.param); });

// SC-3, SC-30: nothing is buffered before the handshake's end; the first send is that of
// on_started.
TEST_P(TlsStart, refuses_sends_with_not_ready_until_on_started) {
  serve(layers(tls_server()));
  EXPECT_EQ(send("too early"), "NotReady");
  EXPECT_FALSE(connection.is_writeable());
  EXPECT_FALSE(connection.is_open());
  run();
  peer.start();
  run();
  EXPECT_EQ(send("still too early"), "NotReady");
  EXPECT_EQ(events.take(), Log{});
  std::string in_started;
  events.on("started", [&] { in_started = send("hello"); });
  talk();
  EXPECT_EQ(in_started, "1");
  EXPECT_EQ(events.take(), (Log{"started", "sent:1"}));
  EXPECT_EQ(peer.heard(), "hello");
}

// SC-27
TEST_P(TlsStart, takes_a_handshake_byte_by_byte) {
  peer.speak_in_pieces_of(1);
  accept();
  peer.say("one byte at a time");
  talk();
  EXPECT_EQ(events.received, "one byte at a time");
}

TEST_P(TlsStart, sends_its_handshake_through_a_tiny_room) {
  serve(layers(tls_server()));
  wire.blocks();
  peer.start();
  run();
  EXPECT_GT(connection.pending_bytes(), 0u);
  EXPECT_TRUE(wire.interest().writeable);
  for (int i = 0; i < 100000 && events.log.empty(); ++i) {
    wire.takes(3);
    run();
    peer.listen();
  }
  EXPECT_EQ(events.log.front(), "started");
}

// SC-20: muting delays deliveries, not the handshake.
TEST_P(TlsStart, shakes_hands_while_muted_and_holds_what_comes) {
  serve(layers(tls_server()));
  connection.mute();
  peer.start();
  talk();
  EXPECT_EQ(events.take(), Log{"started"});
  peer.say("held");
  talk();
  EXPECT_EQ(events.take(), Log{});
  connection.unmute();
  EXPECT_EQ(events.take(), Log{});
  run();
  EXPECT_EQ(events.take(), Log{"received:held"});
}

TEST_P(TlsStart, holds_data_that_came_in_one_read_with_the_handshakes_end_while_muted) {
  serve(layers(tls_server()));
  connection.mute();
  peer.start();
  run();
  std::string last_flight;
  while (peer.status() == LayerStatus::handshaking) {
    wire.receives(last_flight);
    run();
    last_flight = peer.answer_to(wire.take());
  }
  if (GetParam() == TlsVersion::tls_1_2) return;  // there the server speaks last
  wire.receives(last_flight + peer.words("at once"));
  run();
  EXPECT_EQ(events.take(), Log{"started"});
  connection.unmute();
  run();
  EXPECT_EQ(events.take(), Log{"received:at once"});
}

// SC-27: the application hears of the start first.
TEST(TlsStartOf13, delivers_data_that_came_in_one_read_with_the_handshakes_end) {
  TlsConnection it;
  it.serve(layers(tls_server()));
  it.wire.receives(it.peer.opening());
  it.run();
  const std::string finished = it.peer.answer_to(it.wire.take());
  std::string answer;
  it.events.on("received", [&] { answer = it.send("answer"); });
  it.wire.receives(finished + it.peer.words("first words"));
  it.talk();
  EXPECT_EQ(it.events.take(), (Log{"started", "received:first words", "sent:1"}));
  EXPECT_EQ(answer, "1");
  EXPECT_EQ(it.peer.heard(), "answer");
}

// SC-31: what lies behind the handshake in one read is not yet delivered in on_started.
TEST(TlsStartOf13, refuses_an_upgrade_in_on_started_while_data_waits_behind_it) {
  TlsConnection it;
  it.serve(layers(tls_server()));
  it.wire.receives(it.peer.opening());
  it.run();
  const std::string finished = it.peer.answer_to(it.wire.take());
  auto refused = StartTlsError::NotConnected;
  it.events.on("started", [&] { refused = it.connection.start_tls(tls_server()).error(); });
  it.wire.receives(finished + it.peer.words("first words"));
  it.talk();
  EXPECT_EQ(refused, StartTlsError::UndeliveredBytes);
  EXPECT_EQ(it.events.take(), (Log{"started", "received:first words"}));
}

TEST_P(TlsStart, is_told_as_connected_on_the_clients_side) {
  TlsPeer server(wire, TlsRole::server, GetParam());
  server.start();
  become_client(layers(tls_client()));
  EXPECT_EQ(send("early"), "NotReady");
  for (int i = 0; i < 10; ++i) {
    run();
    server.listen();
  }
  EXPECT_EQ(events.take(), Log{"connected"});
  EXPECT_EQ(send("question"), "1");
  server.listen();
  EXPECT_EQ(server.heard(), "question");
}

// SC-23: the failure is the only event.
TEST_P(TlsStart, fails_on_something_else_than_tls) {
  serve(layers(tls_server()));
  wire.receives("GET / HTTP/1.1\r\nHost: localhost\r\n\r\n");
  run();
  EXPECT_EQ(events.take(), Log{"failed:layer_failed"});
  EXPECT_NE(events.last_detail, "");
  EXPECT_TRUE(wire.closed());
  EXPECT_EQ(send("x"), "NotConnected");
}

// The alert is on its way before the stream is closed in peace.
TEST_P(TlsStart, fails_on_a_record_of_garbage_and_says_so_with_an_alert) {
  serve(layers(tls_server()));
  wire.receives(std::string("\x16\x03\x01\x00\x10", 5) + "sixteen garbage.");
  run();
  EXPECT_EQ(events.take(), Log{"failed:layer_failed"});
  constexpr char alert_record = 21;
  ASSERT_FALSE(wire.written().empty());
  EXPECT_EQ(wire.written().front(), alert_record);
  EXPECT_TRUE(wire.closed());
}

TEST_P(TlsStart, fails_when_the_peer_leaves_during_the_handshake) {
  serve(layers(tls_server()));
  peer.start();
  run();
  wire.ends();
  run();
  EXPECT_EQ(events.take(), Log{"failed:peer_ended"});
}

TEST_P(TlsStart, fails_when_the_peer_resets_during_the_handshake) {
  serve(layers(tls_server()));
  peer.start();
  run();
  wire.resets();
  run();
  EXPECT_EQ(events.take(), Log{"failed:reset"});
}

TEST_P(TlsStart, fails_when_the_handshake_takes_too_long) {
  serve(layers(tls_server()), {.handshake_timeout = std::chrono::seconds(10)});
  peer.start();
  run();
  advance(std::chrono::milliseconds(9999));
  EXPECT_EQ(events.take(), Log{});
  advance(std::chrono::milliseconds(1));
  EXPECT_EQ(events.take(), Log{"failed:handshake_timeout"});
  EXPECT_TRUE(wire.aborted());
}

TEST_P(TlsStart, has_no_deadline_any_more_once_it_is_done) {
  accept();
  advance(std::chrono::hours(1));
  EXPECT_EQ(events.take(), Log{});
  EXPECT_EQ(send("x"), "1");
}

// SC-23, SC-25
TEST_P(TlsStart, is_cancelled_by_close_during_the_handshake) {
  serve(layers(tls_server()));
  peer.start();
  run();
  connection.close();
  EXPECT_EQ(events.take(), Log{});
  run();
  EXPECT_EQ(events.take(), Log{"failed:cancelled"});
  EXPECT_TRUE(wire.aborted());
}

TEST_P(TlsStart, tells_nobody_who_let_go_during_the_handshake) {
  serve(layers(tls_server()));
  peer.start();
  run();
  let_go();
  run();
  EXPECT_EQ(events.take(), Log{});
  EXPECT_TRUE(wire.aborted());
  EXPECT_TRUE(wire.destroyed());
}

}  // namespace
}  // namespace spillway
