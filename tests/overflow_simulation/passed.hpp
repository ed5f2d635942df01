// What the sink accepted, on its way to the consumer.
#pragma once

#include <spillway/byte_buffer.hpp>
#include <spillway/bytes.hpp>

#include <cstddef>
#include <cstring>
#include <deque>
#include <optional>

namespace spillway::overflow_simulation {

/// The bytes that the consumer must get, in order, and where messages end in them.
class Passed {
 public:
  void add(Bytes bytes) {
    under_way_.append(bytes);
    size_ += bytes.size();
  }
  /// A message ends there; in order.
  void add_end(std::size_t place) { ends_.push_back(place); }
  /// The source ended within a message that ends there.
  void set_last_end(std::size_t place) { last_end_ = place; }

  /// True if these are the next bytes, which have arrived then.
  bool deliver(Bytes bytes) {
    if (bytes.empty() || bytes.size() > under_way_.size()) return false;
    const Bytes expected = under_way_.data().first(bytes.size());
    if (std::memcmp(expected.data(), bytes.data(), bytes.size()) != 0) return false;
    under_way_.consume(bytes.size());
    return true;
  }
  /// Messages that end within the first `bytes`.
  std::size_t messages_within(std::size_t bytes) {
    while (!ends_.empty() && ends_.front() <= bytes) {
      ends_.pop_front();
      ++ended_;
    }
    return ended_ + (last_end_ && *last_end_ <= bytes ? 1 : 0);
  }

  [[nodiscard]] std::size_t size() const { return size_; }
  /// That ended as the framing says.
  [[nodiscard]] std::size_t messages() const { return ended_ + ends_.size(); }
  [[nodiscard]] bool all_delivered() const { return under_way_.empty(); }

 private:
  ByteBuffer under_way_;
  std::size_t size_ = 0;
  std::deque<std::size_t> ends_;
  std::size_t ended_ = 0;
  std::optional<std::size_t> last_end_;
};

}  // namespace spillway::overflow_simulation
