// A contiguous queue of bytes: in at the tail, out at the head.
#pragma once

#include <spillway/bytes.hpp>

#include <cstddef>
#include <memory>
#include <new>
#include <span>

namespace spillway {

/// Grows as needed, never zero-fills, and reuses the room that consumed bytes leave before it
/// grows. What `prepare` and `data` return stays valid until the next non-const call.
class ByteBuffer {
 public:
  ByteBuffer() = default;
  ByteBuffer(ByteBuffer&& other) noexcept = default;
  ByteBuffer& operator=(ByteBuffer&& other) noexcept = default;

  /// Room for `size` more bytes behind the tail. They count only once committed.
  std::span<std::byte> prepare(std::size_t size);
  /// Appends the first `size` bytes of the prepared room. REQUIRES: `size` <= what was prepared.
  void commit(std::size_t size);
  void append(Bytes bytes);

  [[nodiscard]] Bytes data() const {
    return storage_ ? Bytes(storage_->room() + storage_->head, storage_->size()) : Bytes();
  }
  [[nodiscard]] std::size_t size() const { return storage_ ? storage_->size() : 0; }
  [[nodiscard]] bool empty() const { return size() == 0; }
  [[nodiscard]] std::size_t capacity() const { return storage_ ? storage_->capacity : 0; }

  /// Takes `size` bytes off the head. REQUIRES: `size` <= size().
  void consume(std::size_t size);
  /// Empties the buffer and keeps its memory.
  void clear() {
    if (storage_) storage_->head = storage_->tail = 0;
  }
  /// Gives the memory back. REQUIRES: empty().
  void release();

 private:
  // The head of an allocation. Most buffers of an idle connection are empty: they are one word.
  struct Storage {
    std::size_t capacity;
    std::size_t head = 0;
    std::size_t tail = 0;

    [[nodiscard]] std::byte* room() { return reinterpret_cast<std::byte*>(this + 1); }
    [[nodiscard]] std::size_t size() const { return tail - head; }
  };
  struct Free {
    void operator()(Storage* storage) const noexcept { ::operator delete(storage); }
  };
  using Owned = std::unique_ptr<Storage, Free>;

  static Owned allocate(std::size_t capacity);
  void make_room(std::size_t size);

  Owned storage_;
};

}  // namespace spillway
