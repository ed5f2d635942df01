// Turns, deferred calls and timers of one event loop, without the event loop.
#pragma once

#include <spillway/callback.hpp>
#include <spillway/clock.hpp>

#include <cstddef>
#include <cstdint>
#include <memory>
#include <optional>
#include <vector>

namespace spillway {

class DeferredCall;
class LoopBuffers;
class Timer;

/// Base of whatever waits for the end of a turn to be destroyed.
class Retired {
 public:
  virtual ~Retired() = default;
};

/// Decides what runs in a turn of the loop: timers that are due, then deferred calls, and last
/// the destruction of what was retired. It makes no system call and knows no descriptor;
/// `EventLoop` is the scheduler that the operating system drives, a test drives one by hand
/// with `run_turn()`.
///
/// Everything here is for the loop's own thread.
class Scheduler {
 public:
  /// The clock outlives the scheduler.
  explicit Scheduler(const Clock& clock = steady_clock());
  /// REQUIRES: every Timer, DeferredCall and Connection of this scheduler is gone.
  virtual ~Scheduler();
  Scheduler(const Scheduler&) = delete;
  Scheduler& operator=(const Scheduler&) = delete;

  [[nodiscard]] TimePoint now() const { return clock_.now(); }

  /// Runs one turn: due timers, deferred calls (also those that they schedule, up to a bound
  /// that keeps a turn finite), then what was retired is destroyed. Not to be called from inside
  /// a callback.
  void run_turn();

  /// The turn's second part by itself: the deferred calls. The event loop has them run between two
  /// events too; nothing that is retired is destroyed then. Not to be called from inside a
  /// callback.
  void run_deferred();

  /// True while a turn has something to do now (deferred calls or retired objects).
  [[nodiscard]] bool has_work() const;
  /// When the next timer is due.
  [[nodiscard]] std::optional<TimePoint> next_deadline() const;

  /// Destroys `object` at the end of the current turn, or of the next one when none runs: so an
  /// object can be let go from inside its own callbacks. What was retired first is destroyed first.
  void retire(std::unique_ptr<Retired> object);

  /// The loop's shared buffers; for the library.
  LoopBuffers& buffers() { return *buffers_; }

 private:
  friend class DeferredCall;
  friend class Timer;

  void run_due_timers();
  void destroy_retired();

  void place(std::size_t index, Timer* timer);
  void sift_up(std::size_t index);
  void sift_down(std::size_t index);
  void insert(Timer& timer);
  void remove(Timer& timer);

  const Clock& clock_;
  std::vector<Timer*> timers_;  // binary heap, earliest first
  DeferredCall* first_deferred_ = nullptr;
  DeferredCall* last_deferred_ = nullptr;
  std::vector<std::unique_ptr<Retired>> retired_;
  std::uint64_t round_ = 0;  // of deferred calls; what a round schedules belongs to the next
  std::unique_ptr<LoopBuffers> buffers_;
};

/// A call that runs once in a later turn. Scheduling allocates nothing. The object is its own
/// queue entry: it belongs to one owner, stays where it is, and unschedules itself when destroyed
/// (not from inside its own call: `Scheduler::retire` is for that).
class DeferredCall {
 public:
  DeferredCall(Scheduler& scheduler, Callback call);
  ~DeferredCall();
  DeferredCall(const DeferredCall&) = delete;
  DeferredCall& operator=(const DeferredCall&) = delete;

  /// Runs the call in a later turn; once, however often it is scheduled before that.
  void schedule();
  void cancel();
  [[nodiscard]] Scheduler& scheduler() const { return scheduler_; }
  [[nodiscard]] bool scheduled() const { return round_ != not_scheduled; }

 private:
  friend class Scheduler;
  static constexpr std::uint64_t not_scheduled = static_cast<std::uint64_t>(-1);

  Scheduler& scheduler_;
  Callback call_;
  DeferredCall* next_ = nullptr;
  DeferredCall* previous_ = nullptr;
  std::uint64_t round_ = not_scheduled;
};

/// Calls once when its time has come. Arming allocates nothing in steady state. Like
/// DeferredCall it stays where it is, and disarms itself when destroyed (not from inside its own
/// call).
class Timer {
 public:
  Timer(Scheduler& scheduler, Callback call);
  ~Timer();
  Timer(const Timer&) = delete;
  Timer& operator=(const Timer&) = delete;

  /// (Re)arms the timer. A time that has passed means: in the next turn.
  void expires_at(TimePoint when);
  void expires_after(Duration delay);
  void cancel();
  [[nodiscard]] bool armed() const { return index_ != not_armed; }
  /// REQUIRES: armed().
  [[nodiscard]] TimePoint expiry() const { return expiry_; }

 private:
  friend class Scheduler;
  static constexpr std::size_t not_armed = static_cast<std::size_t>(-1);

  Scheduler& scheduler_;
  Callback call_;
  TimePoint expiry_{};
  std::size_t index_ = not_armed;
};

}  // namespace spillway
