#include "daemon/overflow/chunk_pool.hpp"

#include "daemon/overflow/backlog.hpp"

#include <utility>

namespace spillway::overflow {

namespace {

template <typename T>
std::unique_ptr<T> take_last(std::vector<std::unique_ptr<T>>& spare) {
  std::unique_ptr<T> last = std::move(spare.back());
  spare.pop_back();
  return last;
}

}  // namespace

ChunkPool::ChunkPool(MemoryAccount& account) : account_(account) {}

ChunkPool::~ChunkPool() = default;

std::unique_ptr<Chunk> ChunkPool::take() {
  return spare_.empty() ? std::make_unique_for_overwrite<Chunk>() : take_last(spare_);
}

void ChunkPool::give_back(std::unique_ptr<Chunk> chunk) {
  if (spare_.size() < kept) spare_.push_back(std::move(chunk));
}

std::unique_ptr<Backlog> ChunkPool::take_backlog() {
  return spare_backlogs_.empty() ? std::make_unique<Backlog>(*this) : take_last(spare_backlogs_);
}

void ChunkPool::give_back(std::unique_ptr<Backlog> backlog) {
  if (spare_backlogs_.size() < kept) spare_backlogs_.push_back(std::move(backlog));
}

}  // namespace spillway::overflow
