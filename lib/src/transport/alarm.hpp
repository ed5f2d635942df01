// Wakes a loop for its next timer.
#pragma once

#include "transport/poller.hpp"

#include <spillway/clock.hpp>

#include <optional>

namespace spillway {

/// One system timer for all of a loop's timers. It is set again only when the earliest deadline
/// moves forward, so timers that are armed anew for later cost no system call; the price is that
/// it may ring for a timer that is gone.
class Alarm final : private Pollable {
 public:
  explicit Alarm(Poller& poller);
  ~Alarm();
  Alarm(const Alarm&) = delete;
  Alarm& operator=(const Alarm&) = delete;

  /// True if it is set for `when` or earlier.
  [[nodiscard]] bool rings_by(TimePoint when) const { return set_for_ && *set_for_ <= when; }
  /// Makes the poller ready when `when` has come.
  void ring_at(TimePoint when, TimePoint now);

 private:
  void on_poll(Readiness readiness) override;

  Poller& poller_;
  Descriptor timer_;
  std::optional<TimePoint> set_for_;
};

}  // namespace spillway
