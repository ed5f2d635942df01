// Bytes that wait, in chunks.
#pragma once

#include "daemon/overflow/chunk_pool.hpp"

#include <spillway/bytes.hpp>

#include <boost/circular_buffer.hpp>

#include <cstddef>
#include <memory>
#include <span>

namespace spillway::overflow {

/// First in, first out; without limit of its own. Holds no chunk while it is empty, and at most
/// two that are not full.
class ByteFifo {
 public:
  /// `chunks` outlives the fifo.
  explicit ByteFifo(ChunkPool& chunks) : chunks_(chunks) {}
  ~ByteFifo() { clear(); }
  ByteFifo(const ByteFifo&) = delete;
  ByteFifo& operator=(const ByteFifo&) = delete;

  void push(Bytes bytes);
  /// Takes `size` bytes off the head. REQUIRES: `size` <= size().
  void pop(std::size_t size);
  /// Takes the last `size` bytes back. REQUIRES: `size` <= size().
  void cut(std::size_t size);
  /// Takes `size` bytes off the head and puts them into `to`; whole chunks are not copied.
  /// REQUIRES: `size` <= size(), `to` is empty and of the same pool.
  void move_head(std::size_t size, ByteFifo& to);
  void clear() { pop(size_); }

  /// Views of the bytes at the head, in order, at most `most` bytes and `into.size()` views.
  /// Valid until the next change. Returns the views that were filled in.
  std::span<const Bytes> head(std::span<Bytes> into, std::size_t most) const;

  /// The bytes from `offset` on that lie together. REQUIRES: `offset` < size().
  [[nodiscard]] Bytes view_at(std::size_t offset) const;

  [[nodiscard]] bool empty() const { return size_ == 0; }
  [[nodiscard]] std::size_t size() const { return size_; }

 private:
  void release_front();

  ChunkPool& chunks_;
  std::size_t size_ = 0;
  std::size_t head_ = 0;  // where the first chunk's bytes begin
  boost::circular_buffer<std::unique_ptr<Chunk>> stored_;
};

}  // namespace spillway::overflow
