#include "daemon/overflow/chunk_pool.hpp"

#include <utility>

namespace spillway::overflow {

std::unique_ptr<Chunk> ChunkPool::take() {
  if (spare_.empty()) return std::make_unique_for_overwrite<Chunk>();
  std::unique_ptr<Chunk> chunk = std::move(spare_.back());
  spare_.pop_back();
  return chunk;
}

void ChunkPool::give_back(std::unique_ptr<Chunk> chunk) {
  if (spare_.size() < kept) spare_.push_back(std::move(chunk));
}

}  // namespace spillway::overflow
