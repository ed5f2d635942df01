// What TLS emits by itself: session tickets, answers to key updates.
#include "tests/lib/connection_tls/tls_connection.hpp"

namespace spillway {
namespace {

using testing::layers;
using testing::tls_server;
using testing::TlsConnection;
using testing::Wire;
using Log = TlsConnection::Log;

class ProtocolBytes : public ::testing::Test, public TlsConnection {
 protected:
  // Up to where the client's Finished is all that is missing; it is returned.
  std::string almost_start() {
    serve(layers(tls_server()));
    wire.receives(peer.opening());
    run();
    return peer.answer_to(wire.take());
  }
};

// SC-9, SC-17: the tickets alone fill the pipe, and the application hears of the start first.
TEST_F(ProtocolBytes, session_tickets_throttle_by_themselves) {
  const std::string finished = almost_start();
  wire.blocks();
  wire.receives(finished);
  run();
  EXPECT_EQ(events.take(), (Log{"started", "throttled"}));
  EXPECT_GT(connection.pending_bytes(), 0u);
  EXPECT_EQ(send("x"), "NotWriteable");
  wire.takes(Wire::unlimited);
  talk();
  EXPECT_EQ(events.take(), Log{"unthrottled"});
  EXPECT_EQ(send("x"), "1");
}

TEST_F(ProtocolBytes, session_tickets_throttle_before_on_started_is_told) {
  const std::string finished = almost_start();
  std::string in_started;
  events.on("started", [&] { in_started = send("x"); });
  wire.blocks();
  wire.receives(finished);
  run();
  EXPECT_EQ(in_started, "NotWriteable");
}

// SC-18
TEST_F(ProtocolBytes, of_a_key_update_throttle_the_send_of_the_same_on_received) {
  accept();
  wire.blocks();
  std::string inside;
  events.on("received", [&] { inside = send("answer"); });
  const std::string demand = peer.demand_for_an_answer();
  wire.receives(demand + peer.words("question"));
  run();
  EXPECT_EQ(inside, "NotWriteable");
  EXPECT_EQ(events.take(), (Log{"throttled", "received:question"}));
  std::string after;
  events.on("unthrottled", [&] { after = send("answer"); });
  wire.takes(Wire::unlimited);
  talk();
  EXPECT_EQ(after, "1");
  EXPECT_EQ(peer.heard(), "answer");
}

// SC-12: the send completes where its own bytes end.
TEST_F(ProtocolBytes, behind_a_throttled_send_do_not_hold_back_its_completion) {
  accept();
  wire.takes(20);
  ASSERT_EQ(send(std::string(1000, 'x')), "1");
  const std::size_t of_the_send = connection.pending_bytes();
  wire.receives(peer.demand_for_an_answer());
  run();
  EXPECT_GT(connection.pending_bytes(), of_the_send);
  EXPECT_EQ(events.take(), Log{"throttled"});
  wire.takes(of_the_send);
  run();
  EXPECT_EQ(events.take(), Log{"sent:1"});
  EXPECT_FALSE(connection.is_writeable());
  wire.takes(Wire::unlimited);
  talk();
  EXPECT_EQ(events.take(), Log{"unthrottled"});
  EXPECT_EQ(peer.heard(), std::string(1000, 'x'));
}

// SC-20: what was read before is answered, and drains.
TEST_F(ProtocolBytes, drain_while_muted) {
  accept();
  wire.blocks();
  wire.receives(peer.demand_for_an_answer());
  run();
  connection.mute();
  EXPECT_EQ(events.take(), Log{"throttled"});
  wire.takes(Wire::unlimited);
  run();
  EXPECT_EQ(events.take(), Log{"unthrottled"});
}

TEST_F(ProtocolBytes, of_many_key_updates_keep_the_stream_whole) {
  accept();
  std::string expected;
  for (int i = 0; i < 50; ++i) {
    peer.update_keys();
    send("x");
    expected += "x";
    peer.say("y");
    talk();
  }
  EXPECT_EQ(peer.heard(), expected);
  EXPECT_EQ(events.received, std::string(50, 'y'));
}

// SC-9: a peer that asks and does not listen is not read from for ever.
TEST_F(ProtocolBytes, stay_bounded_when_the_peer_only_asks) {
  accept();
  wire.blocks();
  for (int i = 0; i < 10'000; ++i) {
    peer.update_keys();
    peer.say("x");
  }
  run();
  EXPECT_LT(connection.pending_bytes(), 80u * 1024);
  EXPECT_FALSE(wire.interest().readable);
  wire.takes(Wire::unlimited);
  talk();
  EXPECT_EQ(connection.pending_bytes(), 0u);
  EXPECT_TRUE(connection.is_writeable());
}

// Behind our FIN an answer is too late; writing it would lose what the peer still sends (SC-24).
TEST_F(ProtocolBytes, are_not_written_behind_the_fin) {
  accept();
  connection.shutdown_send();
  run();
  ASSERT_TRUE(wire.fin());
  wire.take();
  wire.breaks();  // as a real socket does
  const std::string demand = peer.demand_for_an_answer();
  wire.receives(demand + peer.words("more"));
  run();
  EXPECT_EQ(events.take(), Log{"received:more"});
  EXPECT_EQ(wire.written(), "");
}

}  // namespace
}  // namespace spillway
