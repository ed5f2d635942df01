#include "tests/overflow_simulation/held_stream.hpp"

#include <algorithm>

namespace spillway::overflow_simulation {

void HeldStream::expire(FlowCounters::Dropped dropped, TimePoint) {
  require(dropped == FlowCounters::Dropped{}, "a stream is not dropped for its age");
}

void HeldStream::arrive(std::size_t arrived, const std::vector<std::size_t>& ends, TimePoint) {
  arrived_ = arrived;
  ends_.insert(ends_.end(), ends.begin(), ends.end());
  fresh_ends_ = ends.size();
}

Held::Taken HeldStream::take(std::size_t bytes, TimePoint) {
  require(bytes <= sendable(), "no more is sent than arrived");
  bytes = std::min(bytes, sendable());
  Taken taken;
  if (bytes == 0) return taken;
  taken.ranges.push_back({taken_, taken_ + bytes});
  while (!ends_.empty() && ends_.front() <= taken_ + bytes) {
    taken.ends.push_back(ends_.front() - taken_);
    ends_.pop_front();
  }
  taken_ += bytes;
  kept_ = std::max(kept_, taken_);
  fresh_ends_ = std::min(fresh_ends_, ends_.size());
  return taken;
}

Held::Decision HeldStream::decide(TimePoint) {
  const std::size_t rest = arrived_ - kept_;
  if (rest == 0) return {};
  const bool fits = this->fits(rest, fresh_ends_);
  const bool closes = overflow_.policy == config::OverflowPolicy::close;
  if (!fits && closes) return {.failure = PipeFailure::slow_consumer};
  kept_ = arrived_;
  fresh_ends_ = 0;
  return {.pauses = !fits};
}

}  // namespace spillway::overflow_simulation
