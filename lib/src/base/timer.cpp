#include <spillway/scheduler.hpp>

#include <utility>

namespace spillway {

Timer::Timer(Scheduler& scheduler, Callback call) : scheduler_(scheduler), call_(std::move(call)) {}

Timer::~Timer() { cancel(); }

void Timer::expires_at(TimePoint when) {
  cancel();
  expiry_ = when;
  scheduler_.insert(*this);
}

void Timer::expires_after(Duration delay) {
  // "For ever" is longer than the clock can count.
  const TimePoint now = scheduler_.now();
  const bool countable = delay < TimePoint::max() - now;
  expires_at(countable ? now + delay : TimePoint::max());
}

void Timer::cancel() {
  if (armed()) scheduler_.remove(*this);
}

void Scheduler::insert(Timer& timer) {
  timers_.push_back(&timer);
  timer.index_ = timers_.size() - 1;
  sift_up(timer.index_);
}

void Scheduler::remove(Timer& timer) {
  const std::size_t index = timer.index_;
  timer.index_ = Timer::not_armed;
  Timer* last = timers_.back();
  timers_.pop_back();
  if (last == &timer) return;
  place(index, last);
  sift_up(index);
  sift_down(last->index_);
}

void Scheduler::place(std::size_t index, Timer* timer) {
  timers_[index] = timer;
  timer->index_ = index;
}

void Scheduler::sift_up(std::size_t index) {
  Timer* timer = timers_[index];
  while (index > 0) {
    const std::size_t parent = (index - 1) / 2;
    if (timers_[parent]->expiry_ <= timer->expiry_) break;
    place(index, timers_[parent]);
    index = parent;
  }
  place(index, timer);
}

void Scheduler::sift_down(std::size_t index) {
  Timer* timer = timers_[index];
  for (std::size_t child = 2 * index + 1; child < timers_.size(); child = 2 * index + 1) {
    if (child + 1 < timers_.size() && timers_[child + 1]->expiry_ < timers_[child]->expiry_) {
      ++child;
    }
    if (timers_[child]->expiry_ >= timer->expiry_) break;
    place(index, timers_[child]);
    index = child;
  }
  place(index, timer);
}

}  // namespace spillway
