#include "engine_pair.hpp"

#include <gtest/gtest.h>

#include <string>
#include <thread>

namespace spillway {
namespace {

using testing::EnginePair;

class Threads : public ::testing::TestWithParam<TlsVersion> {};

INSTANTIATE_TEST_SUITE_P(Versions, Threads,
                         ::testing::Values(TlsVersion::tls_1_2, TlsVersion::tls_1_3),
                         testing::version_name);

template <class Step>
void on_another_thread(Step step) {
  std::thread(step).join();
}

// A loop may be driven by one thread after the other.
TEST_P(Threads, may_take_over_from_each_other_at_any_step) {
  EnginePair pair({.version = GetParam()});
  on_another_thread([&] { pair.client.set_up(); });
  pair.server.set_up();
  while (pair.client.has_wire() || pair.server.has_wire()) {
    on_another_thread([&] { pair.relay(pair.client, pair.server); });
    pair.relay(pair.server, pair.client);
  }
  on_another_thread([&] { pair.client.send("over there"); });
  pair.relay();
  EXPECT_EQ(pair.server.take_plain(), "over there");
}

TEST_P(Threads, may_be_gone_before_their_engines) {
  EnginePair pair({.version = GetParam()});
  on_another_thread([&] { pair.shake_hands(); });
  EXPECT_EQ(pair.client.status(), LayerStatus::ready);
  pair.client.layer().tear_down();
}

TEST_P(Threads, shake_hands_side_by_side) {
  EnginePair one({.version = GetParam()});
  EnginePair other({.version = GetParam()});
  for (EnginePair* pair : {&one, &other}) pair->server.set_up();
  for (EnginePair* pair : {&one, &other}) pair->client.set_up();
  // Each is in the middle of its handshake while the other goes on.
  for (int round = 0; round < 8; ++round) {
    for (EnginePair* pair : {&one, &other}) pair->relay(pair->client, pair->server);
    for (EnginePair* pair : {&other, &one}) pair->relay(pair->server, pair->client);
  }
  one.client.send("one");
  other.client.send("other");
  for (EnginePair* pair : {&one, &other}) pair->relay();
  EXPECT_EQ(one.server.take_plain(), "one");
  EXPECT_EQ(other.server.take_plain(), "other");
}

}  // namespace
}  // namespace spillway
