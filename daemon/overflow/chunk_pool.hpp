// The memory that the queues of one event loop share.
#pragma once

#include "daemon/overflow/memory_limit.hpp"

#include <array>
#include <cstddef>
#include <memory>
#include <vector>

namespace spillway::overflow {

/// A piece of a queue. Never zero-filled.
struct Chunk {
  static constexpr std::size_t size = 16 * 1024;
  std::array<std::byte, size> bytes;
};

struct Backlog;

/// Lends chunks and backlogs, and keeps some that came back: a consumer that is slow again and
/// again costs no allocation, and one that recovered holds no memory. For one loop's thread;
/// outlives its queues.
class ChunkPool {
 public:
  /// The bytes in the chunks that are lent are counted in `account`, which outlives the pool.
  explicit ChunkPool(MemoryAccount& account);
  ~ChunkPool();
  ChunkPool(const ChunkPool&) = delete;
  ChunkPool& operator=(const ChunkPool&) = delete;

  std::unique_ptr<Chunk> take();
  void give_back(std::unique_ptr<Chunk> chunk);
  std::unique_ptr<Backlog> take_backlog();
  /// REQUIRES: it is empty.
  void give_back(std::unique_ptr<Backlog> backlog);
  [[nodiscard]] MemoryAccount& account() { return account_; }

 private:
  static constexpr std::size_t kept = 64;  // of each; 1 MiB of chunks

  MemoryAccount& account_;
  std::vector<std::unique_ptr<Chunk>> spare_;
  std::vector<std::unique_ptr<Backlog>> spare_backlogs_;
};

}  // namespace spillway::overflow
