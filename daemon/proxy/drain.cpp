#include "daemon/proxy/drain.hpp"

#include <algorithm>
#include <chrono>
#include <utility>

namespace spillway::proxy {

namespace {

// Often enough that nobody sees steps, and seldom enough to cost nothing.
constexpr int steps = 100;
constexpr Duration shortest_step = std::chrono::milliseconds(10);

}  // namespace

Drain::Drain(Scheduler& scheduler, SessionSet& sessions, Covers covers, Duration time,
             std::string_view reason)
    : scheduler_(scheduler),
      sessions_(sessions),
      covers_(std::move(covers)),
      reason_(reason),
      half_(scheduler.now() + time / 2),
      end_(scheduler.now() + time),
      timer_(scheduler, [this] { step(); }) {
  timer_.expires_at(half_);
}

void Drain::step() {
  const TimePoint now = scheduler_.now();
  const std::size_t there = sessions_.count(covers_);
  if (there == 0) return;
  if (at_half_ == 0) at_half_ = there;
  const double left = now >= end_ ? 0.0
                                  : static_cast<double>((end_ - now).count()) /
                                        static_cast<double>((end_ - half_).count());
  const auto may_stay = static_cast<std::size_t>(left * static_cast<double>(at_half_));
  if (there > may_stay) stopped_ += sessions_.stop(there - may_stay, covers_, reason_);
  if (now < end_) timer_.expires_after(std::max((end_ - half_) / steps, shortest_step));
}

}  // namespace spillway::proxy
