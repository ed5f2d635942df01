#include "engine_pair.hpp"

#include <gtest/gtest.h>

#include <string>

namespace spillway {
namespace {

using testing::count_records;
using testing::EnginePair;

// SC-9, SC-27: protocol bytes in the middle of the stream (RFC 8446, 4.6.3).
class KeyUpdate : public ::testing::TestWithParam<std::size_t> {
 protected:
  KeyUpdate() : pair({.chunk = GetParam()}) { pair.shake_hands(); }

  // Both sides of a pair in one order: who updates, and who hears of it.
  void expect_data_passes() {
    pair.client.send("to the server");
    pair.relay();
    EXPECT_EQ(pair.server.take_plain(), "to the server");
    pair.server.send("to the client");
    pair.relay();
    EXPECT_EQ(pair.client.take_plain(), "to the client");
  }

  // The wire bytes of so many updates by the client, which the pair does not relay.
  std::string update(int times) {
    if (flood_ == nullptr) SSL_set0_wbio(pair.client_ssl, flood_ = BIO_new(BIO_s_mem()));
    for (int i = 0; i < times; ++i) {
      SSL_key_update(pair.client_ssl, SSL_KEY_UPDATE_NOT_REQUESTED);
      SSL_do_handshake(pair.client_ssl);
    }
    char* bytes = nullptr;
    const long size = BIO_get_mem_data(flood_, &bytes);
    std::string wire(bytes, static_cast<std::size_t>(size));
    BIO_reset(flood_);
    return wire;
  }

  EnginePair pair;

 private:
  BIO* flood_ = nullptr;  // belongs to the client's SSL
};

INSTANTIATE_TEST_SUITE_P(Chunks, KeyUpdate, ::testing::Values(std::size_t{1}, std::size_t{100000}),
                         ::testing::PrintToStringParamName());

TEST_P(KeyUpdate, of_one_direction_is_followed) {
  SSL_key_update(pair.client_ssl, SSL_KEY_UPDATE_NOT_REQUESTED);
  expect_data_passes();
  SSL_key_update(pair.server_ssl, SSL_KEY_UPDATE_NOT_REQUESTED);
  expect_data_passes();
}

// RFC 8446 wants the answer before our next data and not earlier.
TEST_P(KeyUpdate, asked_for_is_answered_with_the_next_send) {
  SSL_key_update(pair.client_ssl, SSL_KEY_UPDATE_REQUESTED);
  pair.client.send("x");
  pair.relay(pair.client, pair.server);
  EXPECT_FALSE(pair.server.has_wire());
  pair.server.send("y");
  const std::string wire = pair.server.take_wire();
  EXPECT_EQ(count_records(wire), 2u);
  pair.client.receive(wire);
  EXPECT_EQ(pair.client.take_plain(), "y");
}

// SC-9: what a layer emits by itself is never more than what it was asked for.
TEST_P(KeyUpdate, asked_for_many_times_is_answered_no_more_often) {
  for (int i = 0; i < 10; ++i) {
    SSL_key_update(pair.client_ssl, SSL_KEY_UPDATE_REQUESTED);
    pair.client.send("x");
  }
  pair.relay(pair.client, pair.server);
  pair.server.send("y");
  const std::string wire = pair.server.take_wire();
  EXPECT_LE(count_records(wire), 11u);
  pair.client.receive(wire);
  EXPECT_EQ(pair.client.take_plain(), "y");
  EXPECT_EQ(pair.server.take_plain(), std::string(10, 'x'));
}

TEST_P(KeyUpdate, asked_for_by_the_client_changes_both_directions) {
  SSL_key_update(pair.client_ssl, SSL_KEY_UPDATE_REQUESTED);
  expect_data_passes();
  expect_data_passes();
}

TEST_P(KeyUpdate, asked_for_by_the_server_changes_both_directions) {
  SSL_key_update(pair.server_ssl, SSL_KEY_UPDATE_REQUESTED);
  expect_data_passes();
  expect_data_passes();
}

TEST_P(KeyUpdate, may_cross_with_another) {
  SSL_key_update(pair.client_ssl, SSL_KEY_UPDATE_REQUESTED);
  SSL_key_update(pair.server_ssl, SSL_KEY_UPDATE_REQUESTED);
  pair.client.send("a");
  pair.server.send("b");
  pair.relay();
  EXPECT_EQ(pair.server.take_plain(), "a");
  EXPECT_EQ(pair.client.take_plain(), "b");
  expect_data_passes();
}

TEST_P(KeyUpdate, may_come_a_thousand_times) {
  for (int i = 0; i < 1000; ++i) {
    SSL_key_update(pair.client_ssl, SSL_KEY_UPDATE_REQUESTED);
    expect_data_passes();
  }
}

// After the peer's close_notify our direction lives on, and its keys may change.
TEST_P(KeyUpdate, works_in_the_direction_that_is_left) {
  pair.client.say_goodbye();
  pair.relay();
  SSL_key_update(pair.server_ssl, SSL_KEY_UPDATE_NOT_REQUESTED);
  pair.server.send("rest");
  pair.relay();
  EXPECT_EQ(pair.client.take_plain(), "rest");
}

// Each update costs a key derivation: a flood of them would keep a loop from everybody else.
TEST_P(KeyUpdate, without_any_data_is_bounded) {
  EXPECT_EQ(pair.server.receive(update(32)), LayerStatus::ready);
  ASSERT_EQ(SSL_write(pair.client_ssl, "x", 1), 1);
  EXPECT_EQ(pair.server.receive(update(32)), LayerStatus::ready) << "data starts a new count";
  EXPECT_EQ(pair.server.receive(update(1000)), LayerStatus::failed);
  EXPECT_EQ(pair.server.failure(), "the peer sends TLS messages and no data");
  EXPECT_EQ(pair.server.take_plain(), "x");
}

// A subscriber that never says a word may live for weeks, and change its keys each day.
TEST_P(KeyUpdate, without_any_data_may_come_now_and_then_for_ever) {
  for (int i = 0; i < 100; ++i) {
    ASSERT_EQ(pair.server.receive(update(1)), LayerStatus::ready) << "update " << i;
  }
}

}  // namespace
}  // namespace spillway
