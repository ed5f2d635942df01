#include "tests/overflow_simulation/throttle.hpp"

#include <algorithm>
#include <utility>

namespace spillway::overflow_simulation {

void Throttle::begin(Dropped dropped_before) {
  const TimePoint now = clock_.now();
  period_ = Period{.since = now, .took = now, .peak = 0, .dropped_before = dropped_before};
}

void Throttle::end() {
  if (!period_) return;
  require(!period_->slow || period_->recovered, "a slow sink that is writeable again is told");
  period_.reset();
}

void Throttle::note_depth(std::uint64_t bytes) {
  if (period_) period_->peak = std::max(period_->peak, bytes);
}

void Throttle::took() {
  if (period_) period_->took = clock_.now();
}

void Throttle::told_slow() {
  if (!period_) return require(false, "only a sink that is not writeable is slow");
  require(!std::exchange(period_->slow, true), "a slow sink is told once in an episode");
  require(lasts() >= overflow_.slow_after, "a sink is not slow before slow_after");
  ++episodes_;
}

void Throttle::told_recovered(const overflow::SlowEpisode& episode, Dropped dropped_now) {
  if (!slow()) return require(false, "only a slow sink recovers");
  require(!std::exchange(period_->recovered, true), "a recovery is told once");
  require(episode.duration == lasts(), "a slow episode has its duration");
  require(episode.queue_peak == period_->peak, "a slow episode has its highest queue");
  const Dropped before = period_->dropped_before;
  require(episode.dropped ==
              Dropped{dropped_now.messages - before.messages, dropped_now.bytes - before.bytes},
          "a slow episode has what was dropped in it");
}

void Throttle::told_stalled() {
  if (!period_) return require(false, "only a sink that is not writeable is stalled");
  require(overflow_.stall_timeout.count() > 0, "no sink is stalled without a stall_timeout");
  require(blurred_ || clock_.now() - period_->took >= overflow_.stall_timeout,
          "a sink is not stalled before stall_timeout");
}

void Throttle::looks_late(Duration by) {
  if (period_) period_->late += by;
}

// What was taken shows only at a look, of which there are eight to a timeout.
void Throttle::turned() {
  if (!period_) return;
  require(period_->slow || lasts() < overflow_.slow_after, "a slow sink is told in time");
  if (overflow_.stall_timeout.count() == 0 || blurred_) return;
  const Duration stall = overflow_.stall_timeout;
  require(clock_.now() - period_->took <= stall + stall / 8 + period_->late,
          "a stalled sink is told in time");
}

Duration Throttle::lasts() const { return period_ ? clock_.now() - period_->since : Duration{}; }

}  // namespace spillway::overflow_simulation
