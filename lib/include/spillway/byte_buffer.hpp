// A contiguous queue of bytes: in at the tail, out at the head.
#pragma once

#include <spillway/bytes.hpp>

#include <cstddef>
#include <memory>
#include <span>

namespace spillway {

/// Grows as needed, never zero-fills, and reuses the room that consumed bytes leave before it
/// grows. What `prepare` and `data` return stays valid until the next non-const call.
class ByteBuffer {
 public:
  ByteBuffer() = default;
  ByteBuffer(ByteBuffer&& other) noexcept;
  ByteBuffer& operator=(ByteBuffer&& other) noexcept;

  /// Room for `size` more bytes behind the tail. They count only once committed.
  std::span<std::byte> prepare(std::size_t size);
  /// Appends the first `size` bytes of the prepared room. REQUIRES: `size` <= what was prepared.
  void commit(std::size_t size);
  void append(Bytes bytes);

  [[nodiscard]] Bytes data() const { return {storage_.get() + head_, tail_ - head_}; }
  [[nodiscard]] std::size_t size() const { return tail_ - head_; }
  [[nodiscard]] bool empty() const { return head_ == tail_; }
  [[nodiscard]] std::size_t capacity() const { return capacity_; }

  /// Takes `size` bytes off the head. REQUIRES: `size` <= size().
  void consume(std::size_t size);
  /// Empties the buffer and keeps its memory.
  void clear() { head_ = tail_ = 0; }
  /// Gives the memory back. REQUIRES: empty().
  void release();

 private:
  std::unique_ptr<std::byte[]> storage_;
  std::size_t capacity_ = 0;
  std::size_t head_ = 0;
  std::size_t tail_ = 0;
};

}  // namespace spillway
