#include "engine_pair.hpp"

#include <gtest/gtest.h>

#include <array>
#include <cstddef>

namespace spillway {
namespace {

using testing::EnginePair;

class Relax : public ::testing::TestWithParam<TlsVersion> {
 protected:
  Relax() : pair({.version = GetParam()}) {}
  void relax_both() {
    pair.client.layer().relax();
    pair.server.layer().relax();
  }
  EnginePair pair;
};

INSTANTIATE_TEST_SUITE_P(Versions, Relax,
                         ::testing::Values(TlsVersion::tls_1_2, TlsVersion::tls_1_3),
                         testing::version_name);

TEST_P(Relax, lets_a_quiet_connection_go_on) {
  pair.shake_hands();
  for (int i = 0; i < 3; ++i) {
    relax_both();
    pair.client.send("ping");
    pair.relay();
    EXPECT_EQ(pair.server.take_plain(), "ping");
    relax_both();
    pair.server.send("pong");
    pair.relay();
    EXPECT_EQ(pair.client.take_plain(), "pong");
  }
}

TEST_P(Relax, spares_what_came_of_a_record) {
  pair.shake_hands();
  pair.client.send(testing::pattern(300));
  for (const char byte : pair.client.take_wire()) {
    pair.server.receive(std::string(1, byte));
    relax_both();
  }
  EXPECT_EQ(pair.server.take_plain(), testing::pattern(300));
}

TEST_P(Relax, during_the_handshake_is_harmless) {
  pair.server.set_up();
  pair.client.set_up();
  while (pair.client.has_wire() || pair.server.has_wire()) {
    relax_both();
    pair.relay(pair.client, pair.server);
    relax_both();
    pair.relay(pair.server, pair.client);
  }
  EXPECT_EQ(pair.client.status(), LayerStatus::ready);
  EXPECT_EQ(pair.server.status(), LayerStatus::ready);
}

TEST_P(Relax, lets_a_half_closed_connection_write_on) {
  pair.shake_hands();
  pair.client.say_goodbye();
  pair.relay();
  relax_both();
  pair.server.send("rest");
  pair.relay();
  EXPECT_EQ(pair.client.take_plain(), "rest");
}

}  // namespace
// Some 400 bytes for each side of each open connection, which only the handshake needed.
TEST_P(Relax, finds_no_key_of_the_exchange_after_the_handshake) {
  pair.shake_hands();
  for (SSL* ssl : {pair.client_ssl, pair.server_ssl}) {
    EVP_PKEY* key = nullptr;
    if (SSL_get_tmp_key(ssl, &key) != 1) continue;
    const tls::KeyPtr held(key);
    std::array<unsigned char, 64> raw{};
    std::size_t size = raw.size();
    EXPECT_NE(EVP_PKEY_get_raw_private_key(key, raw.data(), &size), 1);
    size = raw.size();
    EXPECT_NE(EVP_PKEY_get_raw_public_key(key, raw.data(), &size), 1);
  }
}

}  // namespace spillway
