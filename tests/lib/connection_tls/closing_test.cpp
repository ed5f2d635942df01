#include "tests/lib/connection_tls/tls_connection.hpp"

#include <tuple>

namespace spillway {
namespace {

using testing::layers;
using testing::tls_server;
using testing::TlsConnection;
using testing::Wire;
using Log = TlsConnection::Log;

enum class Pending { nothing, something };

// Closes from inside a callback (SC-25), with bytes pending or without, and lets everything go on.
class ClosingInside : public ::testing::TestWithParam<std::tuple<const char*, Pending, TlsVersion>>,
                      public TlsConnection {
 protected:
  ClosingInside() : TlsConnection(std::get<2>(GetParam())) {}

  static std::string event() { return std::get<0>(GetParam()); }
  static bool wants_pending() { return std::get<1>(GetParam()) == Pending::something; }

  template <class Act>
  void close_inside(Act act) {
    bool acted = false;
    events.on(event(), [this, act, &acted] {
      if (std::exchange(acted, true)) return;
      prepare();
      events.call(act);
      at_that_time = events.take();
      EXPECT_EQ(send("x"), "NotConnected");
    });
    provoke();
    EXPECT_TRUE(acted);
    wire.takes(Wire::unlimited);
    talk();
  }

  // The events since the one that closed.
  Log later() { return events.take(); }
  std::size_t tokens() const { return tokens_; }

  Log at_that_time;

 private:
  void prepare() {
    if (!wants_pending() || connection.pending_bytes() > 0) return;
    wire.takes(10);
    ASSERT_EQ(send(std::string(1000, 'p')), std::to_string(++tokens_));
  }

  // Makes every kind of event happen, one after the other.
  void provoke() {
    serve(layers(tls_server()));
    peer.start();
    talk();
    if (send("whole") == "1") ++tokens_;
    run();
    wire.takes(10);
    if (send(std::string(1000, 'x')) == "2") ++tokens_;
    run();
    if (event() != "throttled") wire.takes(Wire::unlimited);
    peer.say("news");
    run();
    peer.say_goodbye();
    run();
  }

  std::size_t tokens_ = 0;
};

constexpr const char* calm_events[] = {"started", "received", "sent:1", "unthrottled", "end"};
constexpr const char* throttled_events[] = {"started",   "received",    "sent:1",
                                            "throttled", "unthrottled", "end"};

std::string name(const ::testing::TestParamInfo<ClosingInside::ParamType>& tested) {
  const auto& [event, pending, version] = tested.param;
  std::string word = event;
  std::ranges::replace(word, ':', '_');
  return word + (pending == Pending::something ? "_pending_" : "_idle_") +
         testing::name_of(version);
}

INSTANTIATE_TEST_SUITE_P(
    Idle, ClosingInside,
    ::testing::Combine(::testing::ValuesIn(calm_events), ::testing::Values(Pending::nothing),
                       ::testing::Values(TlsVersion::tls_1_2, TlsVersion::tls_1_3)),
    name);
INSTANTIATE_TEST_SUITE_P(
    Busy, ClosingInside,
    ::testing::Combine(::testing::ValuesIn(throttled_events), ::testing::Values(Pending::something),
                       ::testing::Values(TlsVersion::tls_1_2, TlsVersion::tls_1_3)),
    name);

// SC-21: what is pending goes first, then close_notify, then FIN; then the peer's end is awaited.
TEST_P(ClosingInside, close_hands_over_everything_and_says_goodbye) {
  close_inside([this] { connection.close(); });
  EXPECT_TRUE(wire.fin());
  EXPECT_EQ(peer.status(), LayerStatus::finished);
  wire.ends();
  run();
  const Log log = later();
  ASSERT_FALSE(log.empty());
  EXPECT_EQ(log.back(), "closed:closed:" + std::to_string(tokens()));
  EXPECT_TRUE(wire.closed());
  for (const std::string& entry : log) EXPECT_FALSE(entry.starts_with("received")) << entry;
}

// SC-22, SC-16: what is pending is dropped, and the boundary says so.
TEST_P(ClosingInside, hard_close_drops_what_is_pending_and_resets) {
  std::size_t pending = 0;
  close_inside([this, &pending] {
    pending = connection.pending_bytes();
    connection.hard_close();
    EXPECT_TRUE(wire.aborted());
  });
  EXPECT_EQ(pending > 0, wants_pending());
  EXPECT_FALSE(wire.fin());
  const Log log = later();
  ASSERT_FALSE(log.empty());
  const std::size_t boundary = wants_pending() ? tokens() - 1 : tokens();
  EXPECT_EQ(log.back(), "closed:hard_closed:" + std::to_string(boundary));
}

// SC-25: not even on_closed.
TEST_P(ClosingInside, letting_go_is_followed_by_nothing) {
  close_inside([this] { let_go(); });
  EXPECT_EQ(later(), Log{});
  EXPECT_TRUE(wire.aborted());
  EXPECT_TRUE(wire.destroyed());
}

class TlsClosing : public ::testing::TestWithParam<TlsVersion>, public TlsConnection {
 protected:
  TlsClosing() : TlsConnection(GetParam()) { accept(); }
};

INSTANTIATE_TEST_SUITE_P(Versions, TlsClosing,
                         ::testing::Values(TlsVersion::tls_1_2, TlsVersion::tls_1_3),
                         [](const auto& tested) { return testing::name_of(tested.param); });

// SC-24: the connection stays writeable, and what we still send arrives.
TEST_P(TlsClosing, goes_on_sending_after_the_peers_close_notify) {
  peer.say("last words");
  peer.say_goodbye();
  wire.ends();
  talk();
  EXPECT_EQ(events.take(), (Log{"received:last words", "end"}));
  EXPECT_EQ(send("the rest"), "1");
  talk();
  EXPECT_EQ(peer.heard(), "the rest");
  EXPECT_EQ(events.take(), Log{"sent:1"});
  connection.close();
  talk();
  EXPECT_EQ(peer.status(), LayerStatus::finished);
  EXPECT_EQ(events.take(), Log{"closed:closed:1"});
}

// SC-24
TEST_P(TlsClosing, reports_an_end_without_close_notify_as_truncation) {
  peer.say("half a st");
  wire.ends();
  talk();
  EXPECT_EQ(events.take(), (Log{"received:half a st", "closed:truncated:0"}));
  EXPECT_NE(events.last_detail, "");
}

TEST_P(TlsClosing, reports_an_end_within_a_record_as_truncation) {
  const std::string record = peer.words("cut off");
  wire.receives(record.substr(0, record.size() - 1));
  wire.ends();
  run();
  EXPECT_EQ(events.take(), Log{"closed:truncated:0"});
}

TEST_P(TlsClosing, reports_a_forged_record_as_a_failed_layer) {
  std::string record = peer.words("genuine");
  record.back() = static_cast<char>(record.back() ^ 1);
  wire.receives(record);
  run();
  EXPECT_EQ(events.take(), Log{"closed:layer_failed:0"});
  EXPECT_FALSE(wire.written().empty()) << "the alert";
}

// What came before the forged record in the same read was received all the same; nothing can be
// sent any more.
TEST_P(TlsClosing, delivers_what_lay_before_a_forged_record) {
  std::string wire_bytes = peer.words("genuine");
  wire_bytes += peer.words("forged");
  wire_bytes.back() = static_cast<char>(wire_bytes.back() ^ 1);
  std::string inside;
  events.on("received", [&] {
    EXPECT_FALSE(connection.is_writeable());
    inside = send("answer");
  });
  wire.receives(wire_bytes);
  run();
  EXPECT_EQ(events.take(), (Log{"received:genuine", "closed:layer_failed:0"}));
  EXPECT_EQ(inside, "NotConnected");
}

// SC-20, SC-24: the end waits behind what is held.
TEST_P(TlsClosing, tells_the_end_behind_what_mute_held_back) {
  connection.mute();
  peer.say("held");
  peer.say_goodbye();
  wire.ends();
  talk();
  EXPECT_EQ(events.take(), Log{});
  connection.unmute();
  run();
  EXPECT_EQ(events.take(), (Log{"received:held", "end"}));
}

// SC-21
TEST_P(TlsClosing, waits_for_the_peers_end_up_to_the_linger_timeout) {
  send("x");
  connection.close();
  talk();
  EXPECT_EQ(events.take(), Log{"sent:1"});
  advance(std::chrono::milliseconds(4999));
  EXPECT_EQ(events.take(), Log{});
  advance(std::chrono::milliseconds(1));
  EXPECT_EQ(events.take(), Log{"closed:linger_timeout:1"});
  EXPECT_TRUE(wire.closed());
}

TEST_P(TlsClosing, resets_when_the_linger_timeout_finds_bytes_pending) {
  wire.takes(10);
  send(std::string(1000, 'x'));
  connection.close();
  run();
  advance(std::chrono::seconds(5));
  EXPECT_EQ(events.take(), (Log{"throttled", "closed:linger_timeout:0"}));
  EXPECT_TRUE(wire.aborted());
  EXPECT_FALSE(wire.fin());
}

// SC-21: receiving goes on after shutdown_send(), without a limit of time.
TEST_P(TlsClosing, receives_after_shutdown_send_until_the_peers_end) {
  connection.shutdown_send();
  talk();
  EXPECT_TRUE(wire.fin());
  EXPECT_EQ(peer.status(), LayerStatus::finished);
  EXPECT_EQ(send("x"), "NotConnected");
  advance(std::chrono::hours(1));
  peer.say("late news");
  peer.say_goodbye();
  wire.ends();
  run();
  EXPECT_EQ(events.take(), (Log{"received:late news", "end"}));
  connection.close();
  run();
  EXPECT_EQ(events.take(), Log{"closed:closed:0"});
}

}  // namespace
}  // namespace spillway
