// Counts what OpenSSL and operator new allocate: a process of its own.
#include "engine_pair.hpp"

#include <spillway/tls/record_buffers.hpp>

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

// A buffer for a record goes round: one is made by aligned_alloc, now and then. What OpenSSL keeps
// of a handshake's messages is larger.
bool could_hold_a_record(std::size_t size) {
  return size > SSL3_RT_MAX_PLAIN_LENGTH && size < 21 * 1024;
}

bool could_hold_a_record(void* memory) { return could_hold_a_record(malloc_usable_size(memory)); }

// What the library gave OpenSSL: behind the counter goes on what would go on without it.
CRYPTO_malloc_fn library_malloc = nullptr;
CRYPTO_realloc_fn library_realloc = nullptr;
CRYPTO_free_fn library_free = nullptr;

void* counted_malloc(std::size_t size, const char* file, int line) {
  const bool is_record = could_hold_a_record(size);
  if (size > packet_bookkeeping && !is_record) ++big_in_openssl;
  ++held_by_openssl;
  if (is_record) ++record_buffers_held;
  return library_malloc(size, file, line);
}

void* counted_realloc(void* old, std::size_t size, const char* file, int line) {
  if (size > packet_bookkeeping) ++big_in_openssl;
  if (old == nullptr) ++held_by_openssl;
  return library_realloc(old, size, file, line);
}

void counted_free(void* memory, const char* file, int line) {
  if (memory != nullptr) --held_by_openssl;
  if (could_hold_a_record(memory)) --record_buffers_held;
  library_free(memory, file, line);
}

// Before OpenSSL's first allocation, or it refuses.
bool count_openssl() {
  const bool kept = spillway::keep_record_buffers();
  CRYPTO_get_mem_functions(&library_malloc, &library_realloc, &library_free);
  return kept && CRYPTO_set_mem_functions(counted_malloc, counted_realloc, counted_free) == 1;
}

const bool openssl_is_counted = count_openssl();

}  // namespace

void* operator new(std::size_t size) {
  ++by_operator_new;
  if (void* memory = std::malloc(size)) return memory;
  throw std::bad_alloc();
}

void operator delete(void* memory) noexcept { std::free(memory); }
void operator delete(void* memory, std::size_t) noexcept { std::free(memory); }
extern "C" void* aligned_alloc(std::size_t alignment, std::size_t size) noexcept {
  ++big_in_openssl;
  void* memory = nullptr;
  return posix_memalign(&memory, alignment, size) == 0 ? memory : nullptr;
}

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

// Of handshakes that wait for their clients, and of sessions that are idle, there may be thousands
// at a time.
TEST_P(Allocations, for_records_last_no_longer_than_the_records) {
  EnginePair pair({.version = GetParam()});
  const long before = record_buffers_held;
  pair.client.set_up();
  pair.server.set_up();
  for (int flight = 1; pair.client.has_wire() || pair.server.has_wire(); ++flight) {
    ASSERT_LT(flight, 10);
    EXPECT_EQ(record_buffers_held, before) << "before flight " << flight;
    pair.relay(pair.client, pair.server);
    pair.relay(pair.server, pair.client);
  }
  ASSERT_EQ(pair.server.status(), LayerStatus::ready);
  pair.client.send("ping");
  const std::string wire = pair.client.take_wire();
  pair.server.receive(wire.substr(0, 7));
  EXPECT_EQ(record_buffers_held, before + 1) << "while a record has come in part";
  pair.server.receive(wire.substr(7));
  EXPECT_EQ(pair.server.take_plain(), "ping");
  pair.server.send("pong");
  pair.relay();
  EXPECT_EQ(record_buffers_held, before);
}

}  // namespace
}  // namespace spillway
