#include "base/loop_buffers.hpp"

#include <spillway/scheduler.hpp>

#include <utility>

namespace spillway {

namespace {

// Deferred calls that schedule each other may not keep a turn from ending.
constexpr int deferred_rounds = 16;

}  // namespace

Scheduler::Scheduler(const Clock& clock)
    : clock_(clock), buffers_(std::make_unique<LoopBuffers>()) {}

Scheduler::~Scheduler() { destroy_retired(); }

void Scheduler::run_turn() {
  run_due_timers();
  run_deferred();
  destroy_retired();
}

bool Scheduler::has_work() const { return first_deferred_ != nullptr || !retired_.empty(); }

std::optional<TimePoint> Scheduler::next_deadline() const {
  if (timers_.empty()) return std::nullopt;
  return timers_.front()->expiry_;
}

void Scheduler::retire(std::unique_ptr<Retired> object) { retired_.push_back(std::move(object)); }

void Scheduler::run_due_timers() {
  if (timers_.empty()) return;
  const TimePoint now = clock_.now();
  // Only what was due at the start of the turn: a timer that re-arms itself for "now" runs again
  // in the next one.
  for (std::size_t left = timers_.size(); left > 0 && !timers_.empty(); --left) {
    Timer& timer = *timers_.front();
    if (timer.expiry_ > now) return;
    remove(timer);
    timer.call_();
  }
}

void Scheduler::run_deferred() {
  for (int rounds = 0; rounds < deferred_rounds && first_deferred_ != nullptr; ++rounds) {
    const std::uint64_t current = round_++;
    while (first_deferred_ != nullptr && first_deferred_->round_ <= current) {
      DeferredCall& call = *first_deferred_;
      call.cancel();
      call.call_();
    }
  }
}

void Scheduler::destroy_retired() {
  // By index, and taken out one at a time: a destructor may retire more.
  for (std::size_t i = 0; i < retired_.size(); ++i) {
    const std::unique_ptr<Retired> object = std::move(retired_[i]);
  }
  retired_.clear();
}

DeferredCall::DeferredCall(Scheduler& scheduler, Callback call)
    : scheduler_(scheduler), call_(std::move(call)) {}

DeferredCall::~DeferredCall() { cancel(); }

void DeferredCall::schedule() {
  if (scheduled()) return;
  round_ = scheduler_.round_;
  previous_ = scheduler_.last_deferred_;
  next_ = nullptr;
  (previous_ != nullptr ? previous_->next_ : scheduler_.first_deferred_) = this;
  scheduler_.last_deferred_ = this;
}

void DeferredCall::cancel() {
  if (!scheduled()) return;
  round_ = not_scheduled;
  (previous_ != nullptr ? previous_->next_ : scheduler_.first_deferred_) = next_;
  (next_ != nullptr ? next_->previous_ : scheduler_.last_deferred_) = previous_;
  next_ = previous_ = nullptr;
}

}  // namespace spillway
