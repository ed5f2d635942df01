// What waits for a sink that cannot take it.
#pragma once

#include "daemon/overflow/chunk_pool.hpp"

#include <spillway/bytes.hpp>

#include <boost/circular_buffer.hpp>

#include <cstddef>
#include <cstdint>
#include <memory>
#include <span>

namespace spillway::overflow {

/// Messages in order, as bytes in chunks and the messages' sizes beside them. It knows its limit
/// and leaves what follows from it to the pipe. An empty queue holds no chunk.
class Queue {
 public:
  /// `limit` is in bytes; 0 = nothing fits. `chunks` outlives the queue.
  Queue(ChunkPool& chunks, std::size_t limit) : chunks_(chunks), limit_(limit) {}
  ~Queue();
  Queue(const Queue&) = delete;
  Queue& operator=(const Queue&) = delete;

  /// True if a message of `size` bytes would stay within the limit. Swarms of tiny messages are
  /// also bounded in number, so that knowing them apart never costs more than the limit itself.
  [[nodiscard]] bool fits(std::size_t size) const;
  /// Appends a message, within the limit or not. REQUIRES: not empty.
  void push(Bytes message);

  /// Views of the bytes at the head, in order, at most `most` bytes and `into.size()` views.
  /// Valid until the next push or pop. Returns the views that were filled in.
  std::span<const Bytes> head(std::span<Bytes> into, std::size_t most) const;
  /// Takes `size` bytes off the head and returns how many messages ended with them.
  /// REQUIRES: `size` <= bytes().
  std::uint32_t pop(std::size_t size);

  [[nodiscard]] bool empty() const { return bytes_ == 0; }
  [[nodiscard]] std::size_t bytes() const { return bytes_; }
  [[nodiscard]] std::size_t messages() const { return sizes_.size(); }
  [[nodiscard]] std::size_t limit() const { return limit_; }
  /// At or below the low mark, half of the limit: a queue that was full takes messages again.
  [[nodiscard]] bool is_low() const {
    return bytes_ <= limit_ / 2 && sizes_.size() <= (most_messages() + 1) / 2;
  }

 private:
  // The ring of sizes may be half empty.
  [[nodiscard]] std::size_t most_messages() const { return limit_ / (2 * sizeof(std::uint32_t)); }
  void store(Bytes bytes);
  void discard(std::size_t size);

  ChunkPool& chunks_;
  std::size_t limit_;
  std::size_t bytes_ = 0;
  std::size_t head_ = 0;  // where the first chunk's bytes begin
  boost::circular_buffer<std::unique_ptr<Chunk>> stored_;
  boost::circular_buffer<std::uint32_t> sizes_;  // of each message, the first one's rest
};

}  // namespace spillway::overflow
