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
/// there are too many arrivals, small neighbours become one, which counts from the youngest one's
/// time.
class Arrivals {
 public:
  /// For a queue of at most about `bytes`.
  explicit Arrivals(std::size_t bytes = 0) { limit_to(bytes); }

  void limit_to(std::size_t bytes);

  void push(Arrival arrival);
  /// Takes `bytes` off the oldest, and the `messages` that end in them. `on_left` is called with
  /// the share of each arrival.
  template <class OnLeft>
  void pop(std::size_t bytes, std::size_t messages, OnLeft on_left) {
    while (bytes > 0) {
      const Arrival share = take_of_oldest(bytes, messages);
      bytes -= share.bytes;
      messages -= share.messages;
      on_left(share);
    }
  }
  void pop(std::size_t bytes, std::size_t messages) {
    pop(bytes, messages, [](const Arrival&) {});
  }

  /// Messages of the arrivals that leave whole with the next `bytes`.
  [[nodiscard]] std::size_t messages_within(std::size_t bytes) const;

  [[nodiscard]] bool empty() const { return ring_.empty(); }
  [[nodiscard]] const Arrival& oldest() const { return ring_.front(); }
  void clear();

 private:
  Arrival take_of_oldest(std::size_t bytes, std::size_t messages);
  void thin_out();

  std::size_t most_;
  boost::circular_buffer<Arrival> ring_;
};

}  // namespace spillway::overflow
