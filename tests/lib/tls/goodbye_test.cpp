#include "engine_pair.hpp"

#include <gtest/gtest.h>

namespace spillway {
namespace {

using testing::EnginePair;

// SC-24: how a stream ends.
class Goodbye : public ::testing::TestWithParam<TlsVersion> {
 protected:
  Goodbye() : pair({.version = GetParam()}) { pair.shake_hands(); }
  EnginePair pair;
};

INSTANTIATE_TEST_SUITE_P(Versions, Goodbye,
                         ::testing::Values(TlsVersion::tls_1_2, TlsVersion::tls_1_3),
                         testing::version_name);

TEST_P(Goodbye, of_the_client_finishes_the_server) {
  pair.client.say_goodbye();
  pair.relay(pair.client, pair.server);
  EXPECT_EQ(pair.server.status(), LayerStatus::finished);
  EXPECT_EQ(pair.server.end_of_input(), LayerStatus::finished);
  EXPECT_EQ(pair.server.failure(), "");
}

TEST_P(Goodbye, of_the_server_finishes_the_client) {
  pair.server.say_goodbye();
  pair.relay(pair.server, pair.client);
  EXPECT_EQ(pair.client.status(), LayerStatus::finished);
  EXPECT_EQ(pair.client.end_of_input(), LayerStatus::finished);
}

TEST_P(Goodbye, comes_after_what_was_sent) {
  pair.client.send("last words");
  pair.client.say_goodbye();
  EXPECT_EQ(pair.server.receive(pair.client.take_wire()), LayerStatus::finished);
  EXPECT_EQ(pair.server.take_plain(), "last words");
}

TEST_P(Goodbye, of_the_peer_leaves_the_other_direction_open) {
  pair.client.say_goodbye();
  pair.relay(pair.client, pair.server);
  EXPECT_EQ(pair.server.send("still here"), LayerStatus::finished);
  pair.relay(pair.server, pair.client);
  EXPECT_EQ(pair.client.take_plain(), "still here");
  EXPECT_EQ(pair.client.status(), LayerStatus::ready);
  pair.server.say_goodbye();
  pair.relay(pair.server, pair.client);
  EXPECT_EQ(pair.client.status(), LayerStatus::finished);
}

TEST_P(Goodbye, of_both_sides_may_cross) {
  pair.client.say_goodbye();
  pair.server.say_goodbye();
  pair.relay();
  EXPECT_EQ(pair.client.status(), LayerStatus::finished);
  EXPECT_EQ(pair.server.status(), LayerStatus::finished);
  EXPECT_FALSE(pair.client.has_wire());
  EXPECT_FALSE(pair.server.has_wire());
}

TEST_P(Goodbye, discards_what_comes_behind_it) {
  pair.client.say_goodbye();
  pair.server.receive(pair.client.take_wire() + "no TLS at all");
  EXPECT_EQ(pair.server.status(), LayerStatus::finished);
  EXPECT_EQ(pair.server.receive("more of it"), LayerStatus::finished);
  EXPECT_EQ(pair.server.take_plain(), "");
}

TEST_P(Goodbye, missing_at_the_end_is_a_truncation) {
  pair.client.send("half a ");
  pair.relay();
  EXPECT_EQ(pair.server.end_of_input(), LayerStatus::failed);
  EXPECT_EQ(pair.server.failure(), "stream ended without close_notify");
  EXPECT_EQ(pair.server.take_plain(), "half a ");
}

TEST_P(Goodbye, cut_short_is_a_truncation) {
  pair.client.say_goodbye();
  std::string wire = pair.client.take_wire();
  wire.pop_back();
  EXPECT_EQ(pair.server.receive(wire), LayerStatus::ready);
  EXPECT_EQ(pair.server.end_of_input(), LayerStatus::failed);
}

TEST_P(Goodbye, of_our_own_does_not_excuse_the_peer_from_its) {
  pair.server.say_goodbye();
  EXPECT_EQ(pair.server.end_of_input(), LayerStatus::failed);
}

TEST(GoodbyeBeforeReady, makes_no_bytes) {
  EnginePair pair;
  pair.server.set_up();
  pair.client.set_up();
  pair.client.take_wire();
  pair.client.say_goodbye();
  pair.server.say_goodbye();
  EXPECT_FALSE(pair.client.has_wire());
  EXPECT_FALSE(pair.server.has_wire());
}

TEST(GoodbyeBeforeReady, is_missed_when_the_stream_ends) {
  EnginePair pair;
  pair.server.set_up();
  pair.client.set_up();
  pair.relay(pair.client, pair.server);
  EXPECT_EQ(pair.server.end_of_input(), LayerStatus::failed);
  EXPECT_EQ(pair.server.failure(), "stream ended during the TLS handshake");
  EXPECT_EQ(pair.client.end_of_input(), LayerStatus::failed);
}

}  // namespace
}  // namespace spillway
