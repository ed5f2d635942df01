#include "engine_pair.hpp"

#include <gtest/gtest.h>

#include <vector>

namespace spillway {
namespace {

using testing::count_records;
using testing::EnginePair;
using testing::pattern;

constexpr std::size_t record_size = 16384;

int enlarge_ticket(SSL* ssl, void*) {
  const std::string data(3000, 'x');
  return SSL_SESSION_set1_ticket_appdata(SSL_get_session(ssl), data.data(), data.size());
}

class Records : public ::testing::TestWithParam<TlsVersion> {
 protected:
  Records() : pair({.version = GetParam()}) {
    pair.shake_hands();
    pair.client.take_plain();
  }

  std::vector<Bytes> views(const std::vector<std::string>& texts) {
    std::vector<Bytes> buffers;
    for (const std::string& text : texts) buffers.push_back(as_bytes(text));
    return buffers;
  }

  EnginePair pair;
};

INSTANTIATE_TEST_SUITE_P(Versions, Records,
                         ::testing::Values(TlsVersion::tls_1_2, TlsVersion::tls_1_3),
                         testing::version_name);

TEST_P(Records, are_all_decrypted_in_one_call) {
  std::string sent;
  for (std::size_t i = 0; i < 300; ++i) {
    const std::string message = pattern(i * 7);
    pair.client.send(message);
    sent += message;
  }
  pair.server.receive(pair.client.take_wire());
  EXPECT_EQ(pair.server.take_plain(), sent);
}

TEST_P(Records, are_put_together_from_any_pieces) {
  std::string received;
  const std::string sent = pattern(40000);
  pair.client.send(sent);
  const std::string wire = pair.client.take_wire();
  for (std::size_t at = 0, size = 1; at < wire.size(); at += size, size = size * 3 % 6007) {
    pair.server.receive(std::string_view(wire).substr(at, size));
    received += pair.server.take_plain();
  }
  EXPECT_EQ(received, sent);
}

TEST_P(Records, carry_a_big_send_whole) {
  const std::string sent = pattern(3 * 1024 * 1024 + 5);
  EXPECT_EQ(pair.server.send(sent), LayerStatus::ready);
  const std::string wire = pair.server.take_wire();
  EXPECT_EQ(count_records(wire), sent.size() / record_size + 1);
  pair.client.receive(wire);
  EXPECT_EQ(pair.client.take_plain(), sent);
}

// SC-1: a list goes out as one.
TEST_P(Records, join_small_buffers) {
  const std::vector<std::string> texts(200,
                                       "sixty-four bytes or so of a message that is one of many");
  pair.client.send(views(texts));
  const std::string wire = pair.client.take_wire();
  EXPECT_EQ(count_records(wire), 1u);
  pair.server.receive(wire);
  EXPECT_EQ(pair.server.take_plain().size(), 200 * texts.front().size());
}

TEST_P(Records, keep_the_order_of_buffers_of_every_size) {
  const std::size_t sizes[] = {0,
                               1,
                               record_size - 1,
                               record_size,
                               record_size + 1,
                               3,
                               0,
                               50000,
                               2,
                               record_size - 2,
                               2 * record_size,
                               100};
  std::vector<std::string> texts;
  std::string sent;
  for (const std::size_t size : sizes) {
    texts.push_back(pattern(size));
    sent += texts.back();
  }
  pair.client.send(views(texts));
  const std::string wire = pair.client.take_wire();
  EXPECT_LE(count_records(wire), sent.size() / record_size + 3);
  pair.server.receive(wire);
  EXPECT_EQ(pair.server.take_plain(), sent);
}

TEST_P(Records, of_equal_buffers_are_full) {
  const std::vector<std::string> texts(64, pattern(1000));
  pair.client.send(views(texts));
  EXPECT_EQ(count_records(pair.client.take_wire()), 64 * 1000 / record_size + 1);
}

// SC-7
TEST_P(Records, are_not_made_of_nothing) {
  const std::vector<std::string> empty(3);
  EXPECT_EQ(pair.client.send(BufferList()), LayerStatus::ready);
  EXPECT_EQ(pair.client.send(""), LayerStatus::ready);
  EXPECT_EQ(pair.client.send(views(empty)), LayerStatus::ready);
  EXPECT_FALSE(pair.client.has_wire());
}

TEST_P(Records, are_added_behind_what_the_output_holds) {
  pair.client.send("one ");
  pair.client.send("two ");
  pair.server.receive(pair.client.take_wire());
  pair.client.send("three");
  pair.server.receive(pair.client.take_wire());
  EXPECT_EQ(pair.server.take_plain(), "one two three");
}

// A ticket of several records, of which only the first has come: OpenSSL cannot write then, and
// the layer must neither keep the bytes nor pretend (SC-29).
TEST(RecordsOfAMessageInPart, make_a_send_fail_and_not_wait) {
  EnginePair split;
  SSL_set_max_send_fragment(split.server_ssl, 512);
  SSL_CTX_set_session_ticket_cb(SSL_get_SSL_CTX(split.server_ssl), enlarge_ticket, nullptr,
                                nullptr);
  split.server.set_up();
  split.client.set_up();
  split.relay(split.client, split.server);
  split.relay(split.server, split.client);
  split.relay(split.client, split.server);
  const std::string tickets = split.server.take_wire();
  ASSERT_GT(count_records(tickets), 2u);
  EXPECT_EQ(split.client.receive(tickets.substr(0, 600)), LayerStatus::ready);
  EXPECT_EQ(split.client.send("now"), LayerStatus::failed);
  EXPECT_EQ(split.client.failure(), "the peer sent a TLS message in part");
}

TEST(RecordsOfAMessageInPart, are_put_together) {
  EnginePair split({.chunk = 100});
  SSL_set_max_send_fragment(split.server_ssl, 512);
  SSL_CTX_set_session_ticket_cb(SSL_get_SSL_CTX(split.server_ssl), enlarge_ticket, nullptr,
                                nullptr);
  split.shake_hands();
  split.client.send("now");
  split.relay();
  EXPECT_EQ(split.server.take_plain(), "now");
}

}  // namespace
}  // namespace spillway
