#include "engine_pair.hpp"

#include <gtest/gtest.h>

#include <memory>

namespace spillway {
namespace {

using testing::EnginePair;

class TearDown : public ::testing::TestWithParam<TlsVersion> {};

INSTANTIATE_TEST_SUITE_P(Versions, TearDown,
                         ::testing::Values(TlsVersion::tls_1_2, TlsVersion::tls_1_3),
                         testing::version_name);

// SC-27: torn down once, ready or not. That nothing leaks is what the sanitizer runs prove.
TEST_P(TearDown, is_safe_after_any_number_of_bytes) {
  for (std::size_t bytes = 0; bytes < 2500; bytes += 97) {
    EnginePair pair({.version = GetParam(), .chunk = 1});
    pair.server.set_up();
    pair.client.set_up();
    std::size_t left = bytes;
    while (left > 0 && (pair.client.has_wire() || pair.server.has_wire())) {
      const std::string to_server = pair.client.take_wire().substr(0, left);
      pair.server.receive(to_server);
      left -= to_server.size();
      const std::string to_client = pair.server.take_wire().substr(0, left);
      pair.client.receive(to_client);
      left -= to_client.size();
    }
    pair.client.layer().tear_down();
    pair.server.layer().tear_down();
  }
}

TEST_P(TearDown, is_safe_before_set_up) {
  EnginePair pair({.version = GetParam()});
  pair.client.layer().tear_down();
  pair.server.layer().tear_down();
  EXPECT_EQ(pair.server.session().version, "");
  EXPECT_EQ(pair.client.session().server_name, "localhost");
}

TEST_P(TearDown, keeps_what_the_handshake_settled) {
  EnginePair pair({.version = GetParam()});
  pair.shake_hands();
  const TlsSession before = pair.client.session();
  pair.client.layer().tear_down();
  const TlsSession after = pair.client.session();
  EXPECT_EQ(after.server_name, "localhost");
  EXPECT_EQ(after.version, before.version);
  EXPECT_EQ(after.cipher, before.cipher);
  EXPECT_EQ(after.peer_subject, "CN=localhost");
}

TEST_P(TearDown, keeps_whether_the_peer_was_heard) {
  EnginePair pair({.version = GetParam()});
  pair.shake_hands();
  EnginePair unheard({.version = GetParam()});
  unheard.server.set_up();
  unheard.server.end_of_input();
  for (EnginePair* each : {&pair, &unheard}) each->server.layer().tear_down();
  EXPECT_TRUE(pair.server.session().heard_peer);
  EXPECT_FALSE(unheard.server.session().heard_peer);
}

TEST_P(TearDown, keeps_the_words_of_the_failure) {
  EnginePair pair({.version = GetParam()});
  pair.shake_hands();
  pair.server.end_of_input();
  pair.server.layer().tear_down();
  EXPECT_EQ(pair.server.failure(), "stream ended without close_notify");
}

TEST(TearDownOfContexts, does_not_touch_their_connections) {
  auto context = std::make_unique<TlsServerContext>(testing::server_context({.alpn = {"feed/1"}}));
  EnginePair pair(*context, testing::client_context({.alpn = {"feed/1"}}));
  context.reset();
  pair.shake_hands();
  EXPECT_EQ(pair.server.session().alpn, "feed/1");
}

}  // namespace
}  // namespace spillway
