// Tells a sink that is slow, or stuck, from one that is full for a moment.
#pragma once

#include <spillway/clock.hpp>

#include <cstddef>
#include <optional>

namespace spillway::overflow {

/// Watches a sink from the moment in which it is not writeable until it is again. It has no clock
/// and no timer: whoever uses it says what time it is, and looks again at `next_look`.
class SinkWatch {
 public:
  struct Limits {
    Duration slow_after;
    Duration stall_timeout;  // 0 = off
  };

  enum class Finding {
    nothing_new,
    /// Not writeable for `slow_after`: a slow consumer. Found once per episode.
    slow,
    /// Did not take a byte for `stall_timeout`.
    stalled,
  };

  explicit SinkWatch(Limits limits) : limits_(limits) {}

  /// The sink is not writeable. Nothing new if it was not before.
  void throttled(TimePoint now);
  /// The sink is writeable, or gone.
  void writeable() { throttle_.reset(); }

  [[nodiscard]] bool is_throttled() const { return throttle_.has_value(); }
  [[nodiscard]] bool is_slow() const { return throttle_ && throttle_->slow; }
  /// REQUIRES: is_throttled().
  [[nodiscard]] TimePoint since() const { return throttle_->since; }

  /// `untaken` are the bytes that were sent and that the sink has not taken: when they become fewer
  /// from one look to the next, it took some. Does nothing if the sink is writeable.
  Finding look(TimePoint now, std::size_t untaken);
  /// When to look again. REQUIRES: is_throttled().
  [[nodiscard]] TimePoint next_look() const;

 private:
  struct Throttle {
    TimePoint since;
    TimePoint looked;
    TimePoint took;                      // the last time that it can have taken a byte
    std::optional<std::size_t> untaken;  // at the last look
    bool slow = false;
  };

  Limits limits_;
  std::optional<Throttle> throttle_;
};

}  // namespace spillway::overflow
