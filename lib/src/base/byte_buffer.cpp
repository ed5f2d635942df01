#include <spillway/byte_buffer.hpp>

#include <algorithm>
#include <cassert>
#include <cstring>
#include <utility>

namespace spillway {

ByteBuffer::ByteBuffer(ByteBuffer&& other) noexcept
    : storage_(std::move(other.storage_)),
      capacity_(std::exchange(other.capacity_, 0)),
      head_(std::exchange(other.head_, 0)),
      tail_(std::exchange(other.tail_, 0)) {}

ByteBuffer& ByteBuffer::operator=(ByteBuffer&& other) noexcept {
  storage_ = std::move(other.storage_);
  capacity_ = std::exchange(other.capacity_, 0);
  head_ = std::exchange(other.head_, 0);
  tail_ = std::exchange(other.tail_, 0);
  return *this;
}

std::span<std::byte> ByteBuffer::prepare(std::size_t size) {
  if (capacity_ - tail_ >= size) return {storage_.get() + tail_, size};

  const std::size_t used = this->size();
  // Moving the bytes forward is worth it only when they are few: otherwise a long queue that is
  // eaten slowly would be moved again and again.
  if (capacity_ - used >= size && used <= head_) {
    if (used > 0) std::memcpy(storage_.get(), storage_.get() + head_, used);
  } else {
    const std::size_t grown = std::max(used + size, capacity_ * 2);
    auto storage = std::make_unique_for_overwrite<std::byte[]>(grown);
    if (used > 0) std::memcpy(storage.get(), storage_.get() + head_, used);
    storage_ = std::move(storage);
    capacity_ = grown;
  }
  head_ = 0;
  tail_ = used;
  return {storage_.get() + tail_, size};
}

void ByteBuffer::commit(std::size_t size) {
  assert(size <= capacity_ - tail_);
  tail_ += size;
}

void ByteBuffer::append(Bytes bytes) {
  if (bytes.empty()) return;
  std::memcpy(prepare(bytes.size()).data(), bytes.data(), bytes.size());
  commit(bytes.size());
}

void ByteBuffer::consume(std::size_t size) {
  assert(size <= this->size());
  head_ += size;
  if (head_ == tail_) clear();
}

void ByteBuffer::release() {
  assert(empty());
  storage_.reset();
  capacity_ = 0;
  clear();
}

}  // namespace spillway
