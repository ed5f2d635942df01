#include "daemon/overflow/queue.hpp"

#include "daemon/overflow/growing.hpp"

#include <algorithm>
#include <cassert>
#include <cstring>
#include <utility>

namespace spillway::overflow {

Queue::~Queue() { discard(bytes_); }

bool Queue::fits(std::size_t size) const {
  return bytes_ + size <= limit_ && sizes_.size() <= most_messages();
}

void Queue::push(Bytes message) {
  assert(!message.empty());
  push_growing(sizes_, static_cast<std::uint32_t>(message.size()));
  store(message);
}

std::span<const Bytes> Queue::head(std::span<Bytes> into, std::size_t most) const {
  std::size_t left = std::min(most, bytes_);
  std::size_t begin = head_;
  std::size_t count = 0;
  while (left > 0 && count < into.size()) {
    const std::size_t size = std::min(left, Chunk::size - begin);
    into[count] = Bytes(stored_[count]->bytes).subspan(begin, size);
    ++count;
    left -= size;
    begin = 0;
  }
  return into.first(count);
}

std::uint32_t Queue::pop(std::size_t size) {
  assert(size <= bytes_);
  discard(size);
  std::uint32_t ended = 0;
  while (!sizes_.empty() && sizes_.front() <= size) {
    size -= sizes_.front();
    sizes_.pop_front();
    ++ended;
  }
  if (size > 0) sizes_.front() -= static_cast<std::uint32_t>(size);
  return ended;
}

void Queue::store(Bytes bytes) {
  while (!bytes.empty()) {
    const std::size_t tail = (head_ + bytes_) % Chunk::size;
    if (head_ + bytes_ == stored_.size() * Chunk::size) push_growing(stored_, chunks_.take());
    const std::size_t size = std::min(bytes.size(), Chunk::size - tail);
    std::memcpy(stored_.back()->bytes.data() + tail, bytes.data(), size);
    bytes_ += size;
    bytes = bytes.subspan(size);
  }
}

void Queue::discard(std::size_t size) {
  bytes_ -= size;
  head_ += size;
  while (!stored_.empty() && (head_ >= Chunk::size || bytes_ == 0)) {
    chunks_.give_back(std::move(stored_.front()));
    stored_.pop_front();
    head_ -= std::min(head_, Chunk::size);
  }
  if (bytes_ == 0) head_ = 0;
}

}  // namespace spillway::overflow
