// Counts what OpenSSL and operator new allocate: a process of its own.
#include "engine_pair.hpp"

#include <gtest/gtest.h>
#include <openssl/crypto.h>
#include <openssl/ssl3.h>

#include <malloc.h>

#include <atomic>
#include <cstdlib>
#include <new>

namespace {

// OpenSSL's writer of packets takes 40 bytes for each record and level of nesting, and gives them
// back before the call returns (WPACKET in crypto/packet.c). No setting changes that; whatever is
// bigger, or stays, is ours to avoid.
constexpr std::size_t packet_bookkeeping = 64;

std::atomic<long> by_operator_new{0};
std::atomic<long> big_in_openssl{0};
std::atomic<long> held_by_openssl{0};
std::atomic<long> record_buffers_held{0};

long buffers_made() { return by_operator_new + big_in_openssl; }

// A record with what encryption adds. What OpenSSL keeps of a handshake's messages is larger.
bool could_hold_a_record(void* memory) {
  const std::size_t size = malloc_usable_size(memory);
  return size > SSL3_RT_MAX_PLAIN_LENGTH && size < 18 * 1024;
}

void* counted_malloc(std::size_t size, const char*, int) {
  if (size > packet_bookkeeping) ++big_in_openssl;
  ++held_by_openssl;
  void* const memory = std::malloc(size);
  if (could_hold_a_record(memory)) ++record_buffers_held;
  return memory;
}

void* counted_realloc(void* old, std::size_t size, const char*, int) {
  if (size > packet_bookkeeping) ++big_in_openssl;
  if (old == nullptr) ++held_by_openssl;
  return std::realloc(old, size);
}

void counted_free(void* memory, const char*, int) {
  if (memory != nullptr) --held_by_openssl;
  if (could_hold_a_record(memory)) --record_buffers_held;
  std::free(memory);
}

// Before OpenSSL's first allocation, or it refuses.
const bool openssl_is_counted =
    CRYPTO_set_mem_functions(counted_malloc, counted_realloc, counted_free) == 1;

}  // namespace

void* operator new(std::size_t size) {
  ++by_operator_new;
  if (void* memory = std::malloc(size)) return memory;
  throw std::bad_alloc();
}

void operator delete(void* memory) noexcept { std::free(memory); }
void operator delete(void* memory, std::size_t) noexcept { std::free(memory); }

namespace spillway {
namespace {

using testing::EnginePair;

// Two layers whose outputs are looked at in place: no strings that would be counted.
class Echo {
 public:
  explicit Echo(EnginePair& pair) : client_(pair.client.layer()), server_(pair.server.layer()) {}

  bool round(BufferList message) {
    client_.outgoing(message, {.up = plain_, .down = wire_});
    server_.incoming(wire_.data(), {.up = plain_, .down = answer_});
    const Bytes received = plain_.data();
    server_.outgoing(BufferList(&received, 1), {.up = unused_, .down = answer_});
    wire_.clear();
    plain_.clear();
    const LayerStatus status = client_.incoming(answer_.data(), {.up = plain_, .down = wire_});
    answer_.clear();
    const std::size_t echoed = plain_.size();
    plain_.clear();
    return status == LayerStatus::ready && echoed == received.size();
  }

 private:
  TlsLayer& client_;
  TlsLayer& server_;
  ByteBuffer wire_;
  ByteBuffer answer_;
  ByteBuffer plain_;
  ByteBuffer unused_;
};

class Allocations : public ::testing::TestWithParam<TlsVersion> {};

INSTANTIATE_TEST_SUITE_P(Versions, Allocations,
                         ::testing::Values(TlsVersion::tls_1_2, TlsVersion::tls_1_3),
                         testing::version_name);

TEST_P(Allocations, are_none_over_ten_thousand_echoed_messages) {
  ASSERT_TRUE(openssl_is_counted);
  EnginePair pair({.version = GetParam()});
  pair.shake_hands();
  const std::string text = testing::pattern(64);
  const Bytes message[] = {as_bytes(text), as_bytes(text), as_bytes(text)};
  Echo echo(pair);
  ASSERT_TRUE(echo.round(message));

  const long made_before = buffers_made();
  const long held_before = held_by_openssl;
  for (int i = 0; i < 10'000; ++i) {
    if (!echo.round(message)) FAIL() << "message " << i;
  }
  EXPECT_EQ(buffers_made() - made_before, 0);
  EXPECT_EQ(held_by_openssl - held_before, 0);
}

// Of handshakes that wait for their clients there may be thousands at a time.
TEST_P(Allocations, for_records_last_no_longer_than_a_flight_of_the_handshake) {
  EnginePair pair({.version = GetParam()});
  pair.client.set_up();
  const long before = record_buffers_held;
  pair.server.set_up();
  EXPECT_EQ(record_buffers_held, before) << "of a client that says nothing";
  for (int flight = 1; pair.server.status() == LayerStatus::handshaking; ++flight) {
    ASSERT_LT(flight, 10);
    const long held = record_buffers_held;
    pair.relay(pair.client, pair.server);
    if (pair.server.status() != LayerStatus::handshaking) break;
    EXPECT_EQ(record_buffers_held, held) << "after flight " << flight;
    pair.relay(pair.server, pair.client);
  }
  // Afterwards they stay, until the layer is told to relax.
  pair.relay();
  pair.client.send("ping");
  pair.relay();
  const long held = record_buffers_held;
  pair.server.layer().relax();
  EXPECT_LT(record_buffers_held, held);
}

TEST_P(Allocations, come_back_once_after_relaxing) {
  EnginePair pair({.version = GetParam()});
  pair.shake_hands();
  const std::string text = testing::pattern(64);
  const Bytes message = as_bytes(text);
  Echo echo(pair);
  ASSERT_TRUE(echo.round(BufferList(&message, 1)));
  pair.server.layer().relax();
  const long before = buffers_made();
  ASSERT_TRUE(echo.round(BufferList(&message, 1)));
  const long after_relaxing = buffers_made();
  EXPECT_GT(after_relaxing, before);
  ASSERT_TRUE(echo.round(BufferList(&message, 1)));
  EXPECT_EQ(buffers_made(), after_relaxing);
}

}  // namespace
}  // namespace spillway
