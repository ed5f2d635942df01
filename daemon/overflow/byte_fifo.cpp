#include "daemon/overflow/byte_fifo.hpp"

#include "daemon/overflow/growing.hpp"

#include <algorithm>
#include <cassert>
#include <cstring>
#include <utility>

namespace spillway::overflow {

void ByteFifo::push(Bytes bytes) {
  chunks_.account().add(bytes.size());
  while (!bytes.empty()) {
    const std::size_t tail = (head_ + size_) % Chunk::size;
    if (head_ + size_ == stored_.size() * Chunk::size) push_growing(stored_, chunks_.take());
    const std::size_t part = std::min(bytes.size(), Chunk::size - tail);
    std::memcpy(stored_.back()->bytes.data() + tail, bytes.data(), part);
    size_ += part;
    bytes = bytes.subspan(part);
  }
}

void ByteFifo::pop(std::size_t size) {
  assert(size <= size_);
  chunks_.account().remove(size);
  size_ -= size;
  head_ += size;
  while (!stored_.empty() && (head_ >= Chunk::size || size_ == 0)) release_front();
  if (size_ == 0) head_ = 0;
}

void ByteFifo::cut(std::size_t size) {
  assert(size <= size_);
  if (size == size_) return clear();
  chunks_.account().remove(size);
  size_ -= size;
  while ((stored_.size() - 1) * Chunk::size >= head_ + size_) {
    chunks_.give_back(std::move(stored_.back()));
    stored_.pop_back();
  }
}

void ByteFifo::move_head(std::size_t size, ByteFifo& to) {
  assert(size <= size_ && to.empty() && &chunks_ == &to.chunks_);
  if (head_ + size >= Chunk::size) to.head_ = head_;
  // Whole chunks change hands; of the one that is shared with what stays, a copy does.
  while (size > 0 && head_ + size >= Chunk::size) {
    const std::size_t part = Chunk::size - head_;
    push_growing(to.stored_, std::move(stored_.front()));
    stored_.pop_front();
    to.size_ += part;
    size_ -= part;
    size -= part;
    head_ = 0;
  }
  if (size == 0) return;
  Bytes rest = Bytes(stored_.front()->bytes).subspan(head_, size);
  to.push(rest);
  pop(size);
}

std::span<const Bytes> ByteFifo::head(std::span<Bytes> into, std::size_t most) const {
  most = std::min(most, size_);
  std::size_t count = 0;
  for (std::size_t offset = 0; offset < most && count < into.size(); ++count) {
    const Bytes view = view_at(offset);
    into[count] = view.first(std::min(view.size(), most - offset));
    offset += view.size();
  }
  return into.first(count);
}

Bytes ByteFifo::view_at(std::size_t offset) const {
  const std::size_t begin = (head_ + offset) % Chunk::size;
  const Chunk& chunk = *stored_[(head_ + offset) / Chunk::size];
  return Bytes(chunk.bytes).subspan(begin, std::min(Chunk::size - begin, size_ - offset));
}

void ByteFifo::release_front() {
  chunks_.give_back(std::move(stored_.front()));
  stored_.pop_front();
  head_ -= std::min(head_, Chunk::size);
}

}  // namespace spillway::overflow
