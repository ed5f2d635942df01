#include "engine_pair.hpp"
#include "material.hpp"

#include <gtest/gtest.h>

#include <tuple>

namespace spillway {
namespace {

using testing::EnginePair;
using testing::PairOptions;
using testing::whole;

class Handshake : public ::testing::TestWithParam<std::tuple<TlsVersion, std::size_t>> {
 protected:
  static PairOptions options() {
    return {.version = std::get<0>(GetParam()), .chunk = std::get<1>(GetParam())};
  }
};

std::string way_name(const ::testing::TestParamInfo<Handshake::ParamType>& way) {
  const auto [version, chunk] = way.param;
  return testing::to_string(version) + "_by_" + (chunk == whole ? "flight" : std::to_string(chunk));
}

INSTANTIATE_TEST_SUITE_P(
    AllWays, Handshake,
    ::testing::Combine(::testing::Values(TlsVersion::tls_1_2, TlsVersion::tls_1_3),
                       ::testing::Values(std::size_t{1}, std::size_t{7}, whole)),
    way_name);

// SC-27, SC-30: ready comes from bytes alone, however they are cut.
TEST_P(Handshake, makes_both_sides_ready) {
  EnginePair pair(options());
  EXPECT_EQ(pair.server.set_up(), LayerStatus::handshaking);
  EXPECT_FALSE(pair.server.has_wire());
  EXPECT_EQ(pair.client.set_up(), LayerStatus::handshaking);
  EXPECT_TRUE(pair.client.has_wire());
  pair.relay();
  EXPECT_EQ(pair.client.status(), LayerStatus::ready) << pair.client.failure();
  EXPECT_EQ(pair.server.status(), LayerStatus::ready) << pair.server.failure();
  EXPECT_EQ(pair.client.take_plain() + pair.server.take_plain(), "");
}

// SC-27
TEST_P(Handshake, is_followed_by_data_in_both_directions) {
  EnginePair pair(options());
  pair.shake_hands();
  pair.client.send("question");
  pair.relay();
  EXPECT_EQ(pair.server.take_plain(), "question");
  pair.server.send("answer");
  pair.relay();
  EXPECT_EQ(pair.client.take_plain(), "answer");
}

TEST_P(Handshake, settles_the_same_session_on_both_sides) {
  PairOptions wanted = options();
  wanted.server.alpn = {"feed/2", "feed/1"};
  wanted.client.alpn = {"feed/1", "feed/2"};
  EnginePair pair(wanted);
  pair.shake_hands();
  const TlsSession client = pair.client.session();
  const TlsSession server = pair.server.session();
  EXPECT_EQ(client.version, wanted.version == TlsVersion::tls_1_2 ? "TLSv1.2" : "TLSv1.3");
  EXPECT_EQ(server.version, client.version);
  EXPECT_NE(client.cipher, "");
  EXPECT_EQ(server.cipher, client.cipher);
  EXPECT_EQ(client.alpn, "feed/2");
  EXPECT_EQ(server.alpn, "feed/2");
  EXPECT_EQ(client.server_name, "localhost");
  EXPECT_EQ(server.server_name, "localhost");
  EXPECT_EQ(client.peer_subject, "CN=localhost");
  EXPECT_EQ(server.peer_subject, "");
  EXPECT_FALSE(client.resumed);
  EXPECT_FALSE(server.resumed);
}

// The client's Finished and its first data often come in one read.
TEST_P(Handshake, passes_on_data_that_lies_right_behind_the_finished) {
  EnginePair pair(options());
  pair.server.set_up();
  pair.client.set_up();
  while (pair.client.status() == LayerStatus::handshaking) {
    pair.relay(pair.client, pair.server);
    pair.relay(pair.server, pair.client);
  }
  pair.client.send("first words");
  EXPECT_EQ(pair.server.receive(pair.client.take_wire()), LayerStatus::ready);
  EXPECT_EQ(pair.server.take_plain(), "first words");
}

// SC-18, SC-27: protocol bytes come out of incoming() unasked.
TEST(HandshakeOfTls13, makes_the_server_emit_a_session_ticket_when_the_finished_comes) {
  EnginePair pair;
  pair.server.set_up();
  pair.client.set_up();
  pair.relay(pair.client, pair.server);
  pair.relay(pair.server, pair.client);
  ASSERT_EQ(pair.client.status(), LayerStatus::ready);
  EXPECT_EQ(pair.server.receive(pair.client.take_wire()), LayerStatus::ready);
  EXPECT_EQ(testing::count_records(pair.server.take_wire()), 1u);
}

TEST(HandshakeOfTls13, emits_no_tickets_when_they_are_off) {
  PairOptions options;
  options.server.session_tickets = false;
  EnginePair pair(options);
  pair.server.set_up();
  pair.client.set_up();
  pair.relay(pair.client, pair.server);
  pair.relay(pair.server, pair.client);
  EXPECT_EQ(pair.server.receive(pair.client.take_wire()), LayerStatus::ready);
  EXPECT_FALSE(pair.server.has_wire());
}

TEST(HandshakeOfTls12, is_what_the_maximum_of_either_side_leaves) {
  PairOptions by_server;
  by_server.server.max_version = TlsVersion::tls_1_2;
  PairOptions by_client;
  by_client.client.max_version = TlsVersion::tls_1_2;
  for (const PairOptions& options : {by_server, by_client}) {
    EnginePair pair(testing::server_context(options.server),
                    testing::client_context(options.client), {});
    pair.shake_hands();
    EXPECT_EQ(pair.server.session().version, "TLSv1.2");
  }
}

TEST(HandshakeWithTwoCertificates, uses_the_one_that_the_client_can_verify) {
  const CertificateAndKey& ecdsa = testing::localhost_certificate();
  const CertificateAndKey& rsa = testing::rsa_certificate();
  PairOptions options{.version = TlsVersion::tls_1_2};
  options.server.certificates = {rsa, ecdsa};
  options.client.trusted_pem = rsa.certificate_pem + ecdsa.certificate_pem;
  EnginePair with_ecdsa(options);
  SSL_set_cipher_list(with_ecdsa.client_ssl, "ECDHE-ECDSA-AES128-GCM-SHA256");
  with_ecdsa.shake_hands();
  EXPECT_EQ(with_ecdsa.client.session().peer_subject, "CN=localhost");
  EnginePair with_rsa(options);
  SSL_set_cipher_list(with_rsa.client_ssl, "ECDHE-RSA-AES128-GCM-SHA256");
  with_rsa.shake_hands();
  EXPECT_EQ(with_rsa.client.session().peer_subject, "CN=rsa");
}

TEST(HandshakeWithAChain, is_verified_up_to_the_root) {
  const testing::Hierarchy hierarchy = testing::make_hierarchy();
  PairOptions options;
  options.server.certificates = {hierarchy.server};
  options.client.trusted_pem = hierarchy.root_pem;
  EnginePair pair(options);
  pair.shake_hands();
  EXPECT_EQ(pair.client.status(), LayerStatus::ready) << pair.client.failure();
}

}  // namespace
}  // namespace spillway
