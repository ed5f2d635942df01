// TLS with other layers below and above (SC-28).
#include "tests/lib/connection_tls/tls_connection.hpp"
#include "tests/support/parley_layer.hpp"

namespace spillway {
namespace {

using testing::layers;
using testing::ParleyLayer;
using testing::ParleyScript;
using testing::tls_server;
using testing::TlsConnection;
using testing::TlsPeer;
using testing::TlsRole;
using testing::Wire;
using Log = TlsConnection::Log;

/// Reads one line before anything else, as a PROXY protocol header is; then passes all on.
class HeaderReader final : public Interceptor {
 public:
  explicit HeaderReader(std::string& header) : header_(header) {}

  LayerStatus set_up(LayerOutput) override { return LayerStatus::handshaking; }
  LayerStatus incoming(Bytes wire, LayerOutput output) override {
    for (const std::byte byte : wire) {
      if (complete_) {
        output.up.append(Bytes(&byte, 1));
      } else if (byte == std::byte{'\n'}) {
        complete_ = true;
      } else {
        header_ += static_cast<char>(byte);
      }
    }
    return status();
  }
  LayerStatus outgoing(BufferList plain, LayerOutput output) override {
    for (const Bytes buffer : plain) output.down.append(buffer);
    return status();
  }
  LayerStatus end_of_input(LayerOutput) override {
    return complete_ ? LayerStatus::finished : LayerStatus::failed;
  }
  void say_goodbye(LayerOutput) override {}
  void tear_down() noexcept override {}
  [[nodiscard]] std::string failure() const override { return "no header"; }

 private:
  [[nodiscard]] LayerStatus status() const {
    return complete_ ? LayerStatus::ready : LayerStatus::handshaking;
  }

  std::string& header_;
  bool complete_ = false;
};

class TlsBehindAHeader : public ::testing::Test, public TlsConnection {
 protected:
  TlsBehindAHeader() { serve(layers(std::make_unique<HeaderReader>(header), tls_server())); }

  std::string header;
};

TEST_F(TlsBehindAHeader, starts_after_both_and_delivers_the_plain_bytes) {
  wire.receives("PROXY someone\n");
  peer.start();
  talk();
  EXPECT_EQ(header, "PROXY someone");
  EXPECT_EQ(events.take(), Log{"started"});
  peer.say("hello");
  talk();
  EXPECT_EQ(events.take(), Log{"received:hello"});
}

TEST_F(TlsBehindAHeader, takes_header_and_handshake_in_one_read_and_byte_by_byte) {
  const std::string all = "PROXY x\n" + peer.opening();
  wire.receives(all.substr(0, 3));
  wire.receives(all.substr(3));
  peer.speak_in_pieces_of(1);
  talk();
  EXPECT_EQ(events.take(), Log{"started"});
}

// SC-24: the layer below ends cleanly, TLS does not.
TEST_F(TlsBehindAHeader, reports_a_missing_close_notify_as_truncation) {
  wire.receives("PROXY x\n");
  peer.start();
  talk();
  wire.ends();
  run();
  EXPECT_EQ(events.take(), (Log{"started", "closed:truncated:0"}));
}

TEST_F(TlsBehindAHeader, hears_the_peers_end_cleanly) {
  wire.receives("PROXY x\n");
  peer.start();
  talk();
  peer.say_goodbye();
  wire.ends();
  run();
  EXPECT_EQ(events.take(), (Log{"started", "end"}));
}

TEST_F(TlsBehindAHeader, fails_to_start_without_the_header) {
  wire.receives("PROX");
  wire.ends();
  run();
  EXPECT_EQ(events.take(), Log{"failed:peer_ended"});
  EXPECT_EQ(events.last_detail, "no header");
}

// The peer has an outer engine on the wire, and an inner one that speaks through it.
class TlsInTls : public ::testing::Test, public TlsConnection {
 protected:
  TlsInTls() : inner(inner_wire) {
    serve(layers(tls_server(), tls_server()));
    peer.start();
    talk();
    peer.say(inner.opening());
    speak();
  }

  void speak() {
    for (int i = 0; i < 20; ++i) {
      talk();
      const std::string words = peer.heard().substr(passed_);
      passed_ = peer.heard().size();
      const std::string answer = inner.answer_to(words);
      if (!answer.empty()) peer.say(answer);
    }
  }

  Wire inner_wire;
  TlsPeer inner;

 private:
  std::size_t passed_ = 0;
};

TEST_F(TlsInTls, starts_when_both_are_ready_and_carries_both_directions) {
  EXPECT_EQ(events.take(), Log{"started"});
  EXPECT_EQ(send("to the peer"), "1");
  speak();
  EXPECT_EQ(inner.heard(), "to the peer");
  peer.say(inner.words("to us"));
  speak();
  EXPECT_EQ(events.take(), (Log{"sent:1", "received:to us"}));
}

TEST_F(TlsInTls, says_goodbye_on_both) {
  connection.close();
  speak();
  EXPECT_EQ(inner.status(), LayerStatus::finished);
  EXPECT_EQ(peer.status(), LayerStatus::finished);
  EXPECT_TRUE(wire.fin());
}

TEST_F(TlsInTls, reports_an_inner_end_without_close_notify_as_truncation) {
  events.take();
  peer.say_goodbye();
  wire.ends();
  speak();
  EXPECT_EQ(events.take(), Log{"closed:truncated:0"});
}

// The inner layer answers a key update when the outer one has said goodbye already.
TEST_F(TlsInTls, survives_an_inner_key_update_after_shutdown_send) {
  connection.shutdown_send();
  speak();
  events.take();
  const std::string demand = inner.demand_for_an_answer();
  peer.say(demand + inner.words("still here"));
  speak();
  EXPECT_EQ(events.take(), Log{"received:still here"});
}

/// Waits for a set-up that never comes.
class Bystander final : public Interceptor {
 public:
  LayerStatus set_up(LayerOutput) override { return unexpected("set_up"); }
  LayerStatus incoming(Bytes, LayerOutput) override { return unexpected("incoming"); }
  LayerStatus outgoing(BufferList, LayerOutput) override { return unexpected("outgoing"); }
  LayerStatus end_of_input(LayerOutput) override { return unexpected("end_of_input"); }
  void say_goodbye(LayerOutput) override { unexpected("say_goodbye"); }
  void tear_down() noexcept override {}
  [[nodiscard]] std::string failure() const override { return {}; }

 private:
  static LayerStatus unexpected(const char* call) {
    ADD_FAILURE() << call << " of a layer that was never set up";
    return LayerStatus::handshaking;
  }
};

// The layer below ends its handshake, puts out bytes and fails, all in one call.
TEST(TlsBelowAnotherLayer, does_not_feed_a_layer_that_was_never_set_up) {
  TlsConnection it;
  it.serve(layers(tls_server(), std::make_unique<Bystander>()));
  it.wire.receives(it.peer.opening());
  it.run();
  std::string last = it.peer.answer_to(it.wire.take());
  last += it.peer.words("nobody's");
  it.wire.receives(last + "garbage behind it");
  it.run();
  EXPECT_EQ(it.events.take(), Log{"failed:layer_failed"});
}

// SC-9, SC-17 with a layer above: protocol bytes of either throttle.
TEST(TlsBelowAnotherLayer, passes_the_upper_layers_protocol_bytes_on) {
  ParleyScript script;
  script.greeting = "welcome;";
  TlsConnection it;
  it.serve(layers(tls_server(), std::make_unique<ParleyLayer>(script)));
  it.peer.start();
  it.talk();
  EXPECT_EQ(it.peer.heard(), "welcome;");
  EXPECT_EQ(it.events.take(), Log{});
  it.peer.say("hello;ping;");
  it.talk();
  EXPECT_EQ(it.events.take(), Log{"started"});
  EXPECT_EQ(it.peer.heard(), "welcome;pong;");
}

}  // namespace
}  // namespace spillway
