#include "tests/lib/connection_tls/tls_connection.hpp"
#include "tests/support/parley_layer.hpp"

namespace spillway {
namespace {

using testing::layers;
using testing::ParleyLayer;
using testing::ParleyScript;
using testing::tls_server;
using testing::TlsConnection;
using Log = TlsConnection::Log;

class TlsSend : public ::testing::TestWithParam<TlsVersion>, public TlsConnection {
 protected:
  TlsSend() : TlsConnection(GetParam()) { accept(); }
};

INSTANTIATE_TEST_SUITE_P(Versions, TlsSend,
                         ::testing::Values(TlsVersion::tls_1_2, TlsVersion::tls_1_3),
                         [](const auto& tested) { return testing::name_of(tested.param); });

// SC-1, SC-6, SC-11
TEST_P(TlsSend, goes_out_at_once_and_is_told_in_a_later_turn) {
  EXPECT_EQ(send("hello"), "1");
  peer.listen();
  EXPECT_EQ(peer.heard(), "hello");
  EXPECT_EQ(events.take(), Log{});
  turn();
  EXPECT_EQ(events.take(), Log{"sent:1"});
}

// SC-13: also when it is close() that follows.
TEST_P(TlsSend, is_not_told_inside_any_call) {
  send("one");
  connection.mute();
  connection.unmute();
  send("two");
  events.call([&] { connection.close(); });
  EXPECT_EQ(events.take(), Log{});
  run();
  EXPECT_EQ(events.take(), (Log{"sent:1", "sent:2"}));
}

// SC-1, SC-7: one gather write for a list, whatever the records.
TEST_P(TlsSend, of_a_list_is_one_write) {
  const int before = wire.write_calls();
  EXPECT_EQ(send_list({"one ", "", "two ", std::string(40'000, 'x'), "!"}), "1");
  EXPECT_EQ(wire.write_calls(), before + 1);
  peer.listen();
  EXPECT_EQ(peer.heard(), "one two " + std::string(40'000, 'x') + "!");
}

// SC-7
TEST_P(TlsSend, of_nothing_completes_and_writes_nothing) {
  const int before = wire.write_calls();
  EXPECT_EQ(send(""), "1");
  EXPECT_EQ(send_list({}), "2");
  EXPECT_EQ(send_list({"", ""}), "3");
  run();
  EXPECT_EQ(events.take(), (Log{"sent:1", "sent:2", "sent:3"}));
  EXPECT_EQ(wire.write_calls(), before);
}

// SC-8, SC-9, SC-11, SC-17
TEST_P(TlsSend, many_small_ones_and_then_one_that_partly_writes) {
  std::string expected;
  for (int i = 0; i < 20; ++i) {
    ASSERT_EQ(send("small"), std::to_string(i + 1));
    expected += "small";
  }
  wire.takes(1000);
  EXPECT_EQ(send(std::string(5000, 'L')), "21");
  EXPECT_GT(connection.pending_bytes(), 4000u);
  EXPECT_EQ(send("refused"), "NotWriteable");
  run();
  EXPECT_EQ(events.count("sent"), 20u);
  EXPECT_EQ(events.take().back(), "throttled");
  bool writeable_inside = false;
  events.on("sent:21", [&] { writeable_inside = connection.is_writeable(); });
  wire.takes(testing::Wire::unlimited);
  talk();
  EXPECT_EQ(events.take(), (Log{"sent:21", "unthrottled"}));
  EXPECT_TRUE(writeable_inside);
  EXPECT_EQ(peer.heard(), expected + std::string(5000, 'L'));
}

// SC-8, SC-19
TEST_P(TlsSend, a_large_one_trickles_through_a_tiny_room) {
  const std::string large(300'000, 'x');
  wire.takes(10);
  ASSERT_EQ(send(large), "1");
  for (int i = 0; i < 100'000 && connection.pending_bytes() > 0; ++i) {
    wire.takes(97);
    run();
  }
  peer.listen();
  EXPECT_EQ(peer.heard().size(), large.size());
  EXPECT_EQ(events.take(), (Log{"throttled", "sent:1", "unthrottled"}));
}

TEST_P(TlsSend, a_large_one_is_written_whole_by_a_system_that_takes_little_at_a_time) {
  wire.takes_per_call(1000);
  EXPECT_EQ(send(std::string(100'000, 'x')), "1");
  EXPECT_EQ(connection.pending_bytes(), 0u);
  run();
  EXPECT_EQ(events.take(), Log{"sent:1"});
}

// SC-8: the caller's buffer is its own again.
TEST_P(TlsSend, does_not_refer_to_the_callers_buffer_afterwards) {
  wire.takes(5);
  std::string buffer(3000, 'a');
  ASSERT_EQ(send(buffer), "1");
  buffer.assign(3000, 'b');
  wire.takes(testing::Wire::unlimited);
  talk();
  EXPECT_EQ(peer.heard(), std::string(3000, 'a'));
}

// SC-15
TEST_P(TlsSend, from_inside_every_callback_is_accepted) {
  std::string words;
  events.on("sent:1", [&] { words += send("b") + " "; });
  events.on("received", [&] { words += send("c") + " "; });
  events.on("unthrottled", [&] { words += send("d") + " "; });
  events.on("throttled", [&] { words += send("refused") + " "; });
  wire.takes(3);
  send("a");
  run();
  wire.takes(testing::Wire::unlimited);
  peer.say("x");
  talk();
  EXPECT_EQ(words, "NotWriteable 2 3 4 ");
  EXPECT_EQ(peer.heard(), "abdc");
}

// SC-14: what a callback sent is told before what is received next.
TEST_P(TlsSend, is_told_before_what_is_received_next) {
  peer.say("one");
  peer.say("two");
  events.on("received:one", [&] { send("answer"); });
  talk();
  EXPECT_EQ(events.take(), (Log{"received:one", "sent:1", "received:two"}));
}

// SC-16: the boundary is what was reported.
TEST_P(TlsSend, is_lost_from_a_boundary_on_when_the_peer_resets) {
  send("arrives");
  wire.takes(50);
  send(std::string(10'000, 'x'));
  wire.resets();
  run();
  EXPECT_EQ(events.take(), (Log{"sent:1", "throttled", "closed:reset:1"}));
  EXPECT_EQ(send("x"), "NotConnected");
}

// SC-26
TEST_P(TlsSend, that_meets_a_broken_stream_gets_no_token) {
  wire.breaks();
  EXPECT_EQ(send("x"), "NotConnected");
  EXPECT_EQ(events.take(), Log{});
  run();
  EXPECT_EQ(events.take(), Log{"closed:reset:0"});
}

// SC-29: a layer anywhere in the stack.
TEST(TlsSendThroughAnotherLayer, that_a_layer_fails_on_gets_no_token_and_closes) {
  ParleyScript script;
  script.waits_for_hello = false;
  TlsConnection it;
  it.serve(layers(tls_server(), std::make_unique<ParleyLayer>(script)));
  it.peer.start();
  it.talk();
  ASSERT_EQ(it.events.take(), Log{"started"});
  EXPECT_EQ(it.send("good"), "1");
  script.fails_outgoing = true;
  EXPECT_EQ(it.send("bad"), "NotConnected");
  EXPECT_FALSE(it.connection.is_open());
  it.run();
  EXPECT_EQ(it.events.take(), (Log{"sent:1", "closed:layer_failed:1"}));
  EXPECT_EQ(it.events.last_detail, "parley failed");
  EXPECT_EQ(script.tear_downs, 1);
}

}  // namespace
}  // namespace spillway
