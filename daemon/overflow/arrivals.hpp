// When what is queued arrived.
#pragma once

#include <spillway/clock.hpp>

#include <boost/circular_buffer.hpp>

#include <cstddef>
#include <cstdint>

namespace spillway::overflow {

/// Bytes that arrived together, and the messages that ended in them.
struct Arrival {
  TimePoint at;
  std::uint32_t bytes;
  std::uint32_t messages;
};

/// The arrivals of a queue's bytes, oldest first. Its size is bounded whatever the bytes are: when
/// there are too many arrivals, neighbours become one, which counts from the younger one's time.
class Arrivals {
 public:
  /// For a queue of at most about `bytes`.
  explicit Arrivals(std::size_t bytes);

  void push(Arrival arrival);
  /// Takes `bytes` off the oldest. `on_left` is called with the share of each arrival that leaves:
  /// its bytes, and its messages once its last byte has left.
  template <class OnLeft>
  void pop(std::size_t bytes, OnLeft on_left) {
    while (bytes > 0) {
      Arrival& first = ring_.front();
      if (bytes < first.bytes) {
        first.bytes -= static_cast<std::uint32_t>(bytes);
        return;
      }
      bytes -= first.bytes;
      on_left(first);
      ring_.pop_front();
    }
  }
  /// One message of the oldest leaves, `bytes` of it. REQUIRES: it is in the oldest.
  void pop_message(std::size_t bytes);

  /// Messages of the arrivals that leave whole with the next `bytes`.
  [[nodiscard]] std::size_t messages_within(std::size_t bytes) const;

  [[nodiscard]] bool empty() const { return ring_.empty(); }
  [[nodiscard]] const Arrival& oldest() const { return ring_.front(); }
  void clear() { ring_.clear(); }

 private:
  void thin_out();

  std::size_t most_;
  boost::circular_buffer<Arrival> ring_;
};

}  // namespace spillway::overflow
