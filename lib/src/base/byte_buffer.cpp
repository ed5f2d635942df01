#include <spillway/byte_buffer.hpp>

#include <algorithm>
#include <cassert>
#include <cstring>
#include <utility>

namespace spillway {

ByteBuffer::Owned ByteBuffer::allocate(std::size_t capacity) {
  return Owned(::new (::operator new(sizeof(Storage) + capacity)) Storage{.capacity = capacity});
}

std::span<std::byte> ByteBuffer::prepare(std::size_t size) {
  if (!storage_ || storage_->capacity - storage_->tail < size) make_room(size);
  return {storage_->room() + storage_->tail, size};
}

void ByteBuffer::make_room(std::size_t size) {
  if (!storage_) {
    storage_ = allocate(size);
    return;
  }
  const Bytes used = data();
  // Moving the bytes forward is worth it only when they are few: otherwise a long queue that is
  // eaten slowly would be moved again and again.
  if (storage_->capacity - used.size() >= size && used.size() <= storage_->head) {
    if (!used.empty()) std::memcpy(storage_->room(), used.data(), used.size());
  } else {
    Owned grown = allocate(std::max(used.size() + size, storage_->capacity * 2));
    if (!used.empty()) std::memcpy(grown->room(), used.data(), used.size());
    storage_ = std::move(grown);
  }
  storage_->head = 0;
  storage_->tail = used.size();
}

void ByteBuffer::commit(std::size_t size) {
  assert(size <= capacity() - (storage_ ? storage_->tail : 0));
  if (storage_) storage_->tail += size;
}

void ByteBuffer::append(Bytes bytes) {
  if (bytes.empty()) return;
  std::memcpy(prepare(bytes.size()).data(), bytes.data(), bytes.size());
  storage_->tail += bytes.size();
}

void ByteBuffer::consume(std::size_t size) {
  assert(size <= this->size());
  if (size == 0) return;
  storage_->head += size;
  if (storage_->head == storage_->tail) clear();
}

void ByteBuffer::release() {
  assert(empty());
  storage_.reset();
}

}  // namespace spillway
