// A process of its own: the memory functions are the whole process's.
#include "engine_pair.hpp"

#include <spillway/tls/record_buffers.hpp>

#include <gtest/gtest.h>
#include <openssl/crypto.h>

#include <algorithm>
#include <memory>
#include <set>
#include <string>
#include <thread>
#include <vector>

namespace spillway {
namespace {

constexpr std::size_t read_buffer = 16'709;  // as OpenSSL 3.0 asks for them
constexpr std::size_t write_buffer = 16'848;

// Before OpenSSL's first allocation, or it refuses.
const bool kept = keep_record_buffers();

void* take(std::size_t size) { return OPENSSL_malloc(size); }
void give_back(void* buffer) { OPENSSL_free(buffer); }

TEST(RecordBuffers, AreKeptOnceAskedFor) {
  EXPECT_TRUE(kept);
  give_back(take(1));
  EXPECT_TRUE(keep_record_buffers());
}

TEST(RecordBuffers, TheOneUsedLastIsTakenFirst) {
  void* const first = take(read_buffer);
  void* const second = take(write_buffer);
  give_back(first);
  give_back(second);
  EXPECT_EQ(take(read_buffer), second);
  EXPECT_EQ(take(write_buffer), first);
  give_back(first);
  give_back(second);
}

TEST(RecordBuffers, AFewAreKeptAndTheRestIsFreed) {
  std::vector<void*> taken;
  for (int i = 0; i < 100; ++i) taken.push_back(take(read_buffer));
  const std::set<void*> all(taken.begin(), taken.end());
  EXPECT_EQ(all.size(), taken.size());
  for (void* buffer : taken) give_back(buffer);
}

TEST(RecordBuffers, OtherSizesAreNobodysBusiness) {
  EXPECT_EQ(take(0), nullptr);
  give_back(nullptr);
  for (const std::size_t size : {1UL, 16'384UL, 20'481UL, 100'000UL}) {
    void* const memory = take(size);
    ASSERT_NE(memory, nullptr);
    std::fill_n(static_cast<char*>(memory), size, 'x');
    void* const larger = OPENSSL_realloc(memory, 2 * size);
    EXPECT_EQ(static_cast<char*>(larger)[size - 1], 'x');
    give_back(larger);
  }
}

TEST(RecordBuffers, OneMayGoOnOnTheThreadThatItWasGivenBackOn) {
  void* const buffer = take(read_buffer);
  std::thread([buffer] {
    give_back(buffer);
    EXPECT_EQ(take(read_buffer), buffer);
    give_back(buffer);
  }).join();
}

TEST(RecordBuffers, PassThroughManyConnections) {
  const std::string text = testing::pattern(16'384);
  std::vector<std::unique_ptr<testing::EnginePair>> pairs;
  for (int i = 0; i < 8; ++i) {
    pairs.push_back(std::make_unique<testing::EnginePair>(testing::PairOptions{}));
    pairs.back()->shake_hands();
  }
  for (int round = 0; round < 3; ++round) {
    for (const auto& pair : pairs) {
      pair->client.send(text);
      pair->relay();
      EXPECT_EQ(pair->server.take_plain(), text);
    }
  }
}

}  // namespace
}  // namespace spillway
