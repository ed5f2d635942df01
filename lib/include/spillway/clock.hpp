// Where the time comes from, so that tests can move it by hand.
#pragma once

#include <chrono>

namespace spillway {

using TimePoint = std::chrono::steady_clock::time_point;
using Duration = std::chrono::steady_clock::duration;

/// A monotonic clock. One clock may serve any number of schedulers; it outlives them.
class Clock {
 public:
  virtual ~Clock() = default;
  [[nodiscard]] virtual TimePoint now() const = 0;
};

/// The system's monotonic clock. Thread-safe.
const Clock& steady_clock();

/// A clock that stands still until it is moved: for tests.
class ManualClock final : public Clock {
 public:
  [[nodiscard]] TimePoint now() const override { return now_; }
  void advance(Duration by) { now_ += by; }

 private:
  TimePoint now_{std::chrono::hours(1)};
};

}  // namespace spillway
