// Sessions whose server speaks TLS.
#include "tests/daemon/config/temporary_folder.hpp"
#include "tests/daemon/proxy/session_harness.hpp"
#include "tests/support/tls_peer.hpp"

#include <gmock/gmock.h>

#include <chrono>
#include <string>

namespace spillway::testing {
namespace {

using namespace std::chrono_literals;
using ::testing::HasSubstr;

class UpstreamTlsTest : public ::testing::Test, protected SessionHarness {
 protected:
  UpstreamTlsTest() {
    const CertificateAndKey& identity = TlsContexts::shared().identity;
    folder_.write("localhost.key", identity.key_pem);
    config.upstream =
        config::Upstream{.servers = {HostPort{"localhost", 1}}, .tls = config::UpstreamTls{}};
    tls().ca = folder_.write("localhost.crt", identity.certificate_pem);
  }

  config::UpstreamTls& tls() { return *config.upstream->tls; }
  /// The same certificate, for the clients.
  void guard_the_client() {
    config.tls = config::Tls{};
    config.tls->certificates = {{folder_.file("localhost.crt"), folder_.file("localhost.key")}};
  }
  void trust_another() {
    tls().ca = folder_.write("other.crt", make_self_signed().certificate_pem);
  }
  void open_answered() {
    open();
    servers.answer(upstream);
    run();
    server.start();
  }
  void open_with_tls() {
    open_answered();
    converse();
  }
  /// Both sides have ended and have all that was sent; the server does not take our goodbye.
  void end_but_for_a_goodbye() {
    open_with_tls();
    client.receives("question");
    converse();
    server.say_goodbye();
    converse();
    upstream.blocks();
    client.ends();
    run();
    EXPECT_EQ(sessions.size(), 1U);
  }
  /// Until both have nothing more to say.
  void converse() {
    run();
    while (server.listen()) run();
  }
  void expect_failed(const std::string& expected_end, const std::string& detail) {
    EXPECT_TRUE(is_over());
    EXPECT_EQ(end(), expected_end);
    EXPECT_TRUE(client.aborted());
    EXPECT_FALSE(client.fin());
    const observe::Event line = log.only("upstream_failed");
    EXPECT_EQ(value(line, "server"), "peer");
    EXPECT_EQ(value(line, "reason"), closed("end_reason"));
    EXPECT_THAT(value(line, "detail"), HasSubstr(detail));
    EXPECT_EQ(server.heard(), "");
  }

  TlsPeer server{upstream, TlsRole::server};

 private:
  test::TemporaryFolder folder_;
};

TEST_F(UpstreamTlsTest, AGoodbyeThatIsNeverTakenRunsOutOfTime) {
  config.timeouts.half_close = 5s;
  end_but_for_a_goodbye();
  advance(5s);
  EXPECT_TRUE(is_over());
  EXPECT_EQ(end(), "TD timeout half_close");
  EXPECT_TRUE(upstream.aborted());
}

TEST_F(UpstreamTlsTest, AGoodbyeThatIsTakenLateIsACleanEnd) {
  end_but_for_a_goodbye();
  upstream.takes(Wire::unlimited);
  upstream.ends();
  run();
  EXPECT_TRUE(is_over());
  EXPECT_EQ(end(), "-- upstream ended");
}

TEST_F(UpstreamTlsTest, IsEndedByForceWhileItsGoodbyeWaits) {
  end_but_for_a_goodbye();
  EXPECT_EQ(sessions.stop_all("stopped"), 1U);
  run();
  EXPECT_TRUE(is_over());
  EXPECT_EQ(end(), "DD drain stopped");
}

TEST_F(UpstreamTlsTest, RelaysInBothDirections) {
  open_with_tls();
  client.receives("question");
  converse();
  server.say("answer");
  converse();
  EXPECT_EQ(server.heard(), "question");
  EXPECT_EQ(client.written(), "answer");
}

TEST_F(UpstreamTlsTest, RelaysBetweenTlsOnBothSides) {
  guard_the_client();
  TlsPeer guarded_client(client);
  open();
  guarded_client.start();
  run();
  ASSERT_TRUE(guarded_client.listen());
  run();
  servers.answer(upstream);
  server.start();
  converse();
  guarded_client.say("question");
  converse();
  server.say("answer");
  converse();
  ASSERT_TRUE(guarded_client.listen());
  EXPECT_EQ(server.heard(), "question");
  EXPECT_EQ(guarded_client.heard(), "answer");
}

TEST_F(UpstreamTlsTest, KeepsWhatTheClientSendsDuringTheHandshake) {
  open_answered();
  client.receives("early");
  client.ends();
  run();
  EXPECT_FALSE(upstream.fin());
  converse();
  EXPECT_EQ(server.heard(), "early");
  EXPECT_EQ(server.status(), LayerStatus::finished);
}

TEST_F(UpstreamTlsTest, RelaysTheClientsEndAsAGoodbye) {
  open_with_tls();
  client.receives("question");
  client.ends();
  converse();
  EXPECT_EQ(server.heard(), "question");
  EXPECT_EQ(server.status(), LayerStatus::finished);
  EXPECT_TRUE(upstream.fin());
  EXPECT_FALSE(client.fin());
  server.say("answer");
  server.say_goodbye();
  upstream.ends();
  run();
  EXPECT_EQ(client.written(), "answer");
  EXPECT_TRUE(client.fin());
  EXPECT_TRUE(is_over());
  EXPECT_EQ(end(), "-- client ended");
}

TEST_F(UpstreamTlsTest, RelaysTheServersGoodbyeAndGoesOn) {
  open_with_tls();
  server.say("greeting");
  server.say_goodbye();
  run();
  EXPECT_EQ(client.written(), "greeting");
  EXPECT_TRUE(client.fin());
  EXPECT_FALSE(upstream.fin());
  client.receives("still here");
  client.ends();
  converse();
  EXPECT_EQ(server.heard(), "still here");
  EXPECT_TRUE(upstream.fin());
  upstream.ends();
  run();
  EXPECT_TRUE(is_over());
  EXPECT_EQ(end(), "-- upstream ended");
}

TEST_F(UpstreamTlsTest, PassesATruncationOnAsAReset) {
  open_with_tls();
  server.say("half of it");
  upstream.ends();
  run();
  EXPECT_TRUE(client.aborted());
  EXPECT_FALSE(client.fin());
  EXPECT_EQ(end(), "SD upstream truncated");
}

TEST_F(UpstreamTlsTest, RefusesAServerOfAnotherName) {
  tls().server_name = "feed.internal";
  client.receives("secret");
  open_with_tls();
  expect_failed("SC upstream layer_failed",
                "certificate verify failed: hostname mismatch (wanted feed.internal)");
}

TEST_F(UpstreamTlsTest, RefusesAServerThatItDoesNotTrust) {
  trust_another();
  client.receives("secret");
  open_with_tls();
  expect_failed("SC upstream layer_failed", "certificate verify failed: self-signed certificate");
}

TEST_F(UpstreamTlsTest, VerifiesAnAddressWhereTheServerHasNoName) {
  config.upstream->servers = {HostPort{"127.0.0.2", 1}};
  open_with_tls();
  expect_failed("SC upstream layer_failed", "IP address mismatch (wanted 127.0.0.2)");
}

TEST_F(UpstreamTlsTest, TakesAnyoneWhereVerifyingIsSkipped) {
  tls().ca.clear();
  tls().insecure_skip_verify = true;
  config.upstream->servers = {UnixPath{"/run/feed.sock"}};
  open_with_tls();
  client.receives("question");
  converse();
  EXPECT_EQ(server.heard(), "question");
}

TEST_F(UpstreamTlsTest, TellsAServerThatDoesNotSpeakTls) {
  open();
  servers.answer(upstream);
  upstream.receives("220 mail.internal ESMTP\r\n");
  run();
  expect_failed("SC upstream layer_failed", "does not speak TLS");
}

TEST_F(UpstreamTlsTest, TellsAServerThatHasNoVersionInCommon) {
  TlsPeer old_server(upstream, TlsRole::server, TlsVersion::tls_1_2);
  tls().min_version = TlsVersion::tls_1_3;
  open();
  servers.answer(upstream);
  run();
  ASSERT_TRUE(old_server.listen());
  run();
  expect_failed("SC upstream layer_failed", "alert received: protocol version");
}

// The clients' timeout is another one.
TEST_F(UpstreamTlsTest, GivesTheServersHandshakeItsOwnTime) {
  tls().handshake_timeout = 12s;
  open();
  advance(5s);
  servers.answer(upstream);
  advance(11s);
  EXPECT_EQ(sessions.size(), 1U);
  advance(1s);
  expect_failed("TC timeout handshake_timeout", "the TLS handshake took longer than 12s");
  EXPECT_TRUE(upstream.aborted());
}

TEST_F(UpstreamTlsTest, TellsAServerThatLeavesDuringTheHandshake) {
  open();
  servers.answer(upstream);
  upstream.ends();
  run();
  expect_failed("SC upstream peer_ended", "stream ended during the TLS handshake");
}

TEST_F(UpstreamTlsTest, TellsAResetDuringTheHandshake) {
  open();
  servers.answer(upstream);
  upstream.resets();
  run();
  expect_failed("SC upstream reset", "Connection reset");
}

TEST_F(UpstreamTlsTest, LetsTheServerGoWhenTheClientIsLostDuringTheHandshake) {
  open_answered();
  run();
  client.resets();
  run();
  EXPECT_TRUE(is_over());
  EXPECT_EQ(end(), "CC client reset");
  EXPECT_TRUE(upstream.aborted());
  EXPECT_EQ(log.count("upstream_failed"), 0U);
}

TEST_F(UpstreamTlsTest, ShakesHandsWithTheServerThatAnswers) {
  config.upstream->servers = {HostPort{"localhost", 1}, HostPort{"localhost", 2}};
  open();
  servers.fail(FailureReason::refused);
  servers.answer(upstream);
  client.receives("question");
  converse();
  EXPECT_EQ(log.count("upstream_skipped"), 1U);
  EXPECT_EQ(server.heard(), "question");
}

}  // namespace
}  // namespace spillway::testing
