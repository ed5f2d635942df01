#include "daemon/overflow/sink_watch.hpp"

#include <algorithm>

namespace spillway::overflow {

namespace {

// What a sink took shows only from one look to the next: a stall is found late by one part in so
// many at most, and never early.
constexpr int looks_per_stall = 8;

}  // namespace

void SinkWatch::throttled(TimePoint now) {
  if (throttle_) return;
  throttle_ = {.since = now, .looked = now, .took = now, .untaken = std::nullopt};
}

SinkWatch::Finding SinkWatch::look(TimePoint now, std::size_t untaken) {
  if (!throttle_) return Finding::nothing_new;
  // How much it had not taken in the beginning was not asked: the first look counts as taking.
  if (!throttle_->untaken || untaken < *throttle_->untaken) throttle_->took = now;
  throttle_->untaken = untaken;
  throttle_->looked = now;
  if (limits_.stall_timeout > Duration::zero() && now - throttle_->took >= limits_.stall_timeout) {
    return Finding::stalled;
  }
  if (throttle_->slow || now - throttle_->since < limits_.slow_after) return Finding::nothing_new;
  throttle_->slow = true;
  return Finding::slow;
}

TimePoint SinkWatch::next_look() const {
  TimePoint next = throttle_->since + limits_.slow_after;
  if (limits_.stall_timeout > Duration::zero()) {
    const TimePoint regular = throttle_->looked + limits_.stall_timeout / looks_per_stall;
    const TimePoint deadline = throttle_->took + limits_.stall_timeout;
    next = throttle_->slow ? std::min(regular, deadline) : std::min({next, regular, deadline});
  } else if (throttle_->slow) {
    next = TimePoint::max();
  }
  return next;
}

}  // namespace spillway::overflow
