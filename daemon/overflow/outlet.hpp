// The sink's side of a pipe.
#pragma once

#include "daemon/observe/histogram.hpp"
#include "daemon/overflow/in_flight.hpp"
#include "daemon/overflow/sink_watch.hpp"
#include "daemon/overflow/stride.hpp"
#include "daemon/overflow/tally.hpp"

#include <spillway/clock.hpp>
#include <spillway/connection.hpp>
#include <spillway/scheduler.hpp>

#include <cstddef>
#include <memory>
#include <optional>

namespace spillway::overflow {

/// Hears what an outlet finds, from inside its functions and its timer.
class OutletEvents {
 public:
  /// The sink is not writeable any more: what happens from now on belongs to the episode.
  virtual void on_throttled() = 0;
  /// It has not been writeable for `slow_after`.
  virtual void on_slow() = 0;
  /// It is writeable again. `since` it was not; only if it was slow.
  virtual void on_recovered(TimePoint since) = 0;
  /// It has not taken a byte for `stall_timeout`.
  virtual void on_stalled() = 0;
  /// A later turn came, as `call_later` asked for; or perhaps nobody asked.
  virtual void on_turn() = 0;

 protected:
  ~OutletEvents() = default;
};

/// Sends, measures how long the operating system took to take it, and watches whether the sink
/// keeps up. Holds no bytes.
class Outlet {
 public:
  /// Outlive the outlet.
  struct Surroundings {
    Scheduler& scheduler;
    Connection& sink;
    Tally& tally;
    observe::LatencyHistogram& send_latency;  // the session's
    OutletEvents& events;
  };

  Outlet(Surroundings surroundings, SinkWatch::Limits limits);
  ~Outlet();
  Outlet(const Outlet&) = delete;
  Outlet& operator=(const Outlet&) = delete;

  /// The sink can take sends from now on.
  void open() {
    if (state_ == State::starting) state_ = State::open;
  }
  /// Ends the sink's sending side.
  void end();
  /// No more sends, and nothing more to watch.
  void lose();

  [[nodiscard]] bool is_open() const { return state_ == State::open; }
  /// True from the start until `end` or the loss: what it does not take can still be taken later.
  [[nodiscard]] bool has_future() const {
    return state_ == State::starting || state_ == State::open;
  }
  /// Ended, and everything is with the sink's operating system.
  [[nodiscard]] bool is_finished() const { return state_ == State::ended && sends_.empty(); }
  /// Finished, or lost.
  [[nodiscard]] bool is_over() const { return state_ == State::lost || is_finished(); }
  [[nodiscard]] bool is_writeable() const { return is_open() && sink_.is_writeable(); }

  /// How much to offer in one send.
  [[nodiscard]] std::size_t most() const { return stride_.limit(); }
  /// Sends `bytes` in which `messages` end. False if the sink refused: nothing happened.
  /// REQUIRES: is_open(), `bytes` is from 1 to most().
  bool send(BufferList buffers, std::size_t bytes, std::size_t messages, TimePoint now);
  /// Something waits that could be sent but for the sink, and no send is tried: a sink that was not
  /// writeable from the start, for its layer's own bytes, is watched from now on.
  void note_waiting(TimePoint now);
  /// Lets others have their turn first: `on_turn` is called in a later one. REQUIRES:
  /// is_writeable().
  void call_later(TimePoint now) { timer_.expires_at(now); }
  /// One message more ended with the last send than was known then.
  void count_message();

  // What the sink tells.
  void on_sent();
  void on_unthrottled();

  [[nodiscard]] const Connection& sink() const { return sink_; }
  /// How long the sink has not been writeable; 0 if it is.
  [[nodiscard]] Duration throttled_for() const;
  /// The last time that the sink is known to have taken bytes. Of a sink that takes a send piece by
  /// piece that shows only from one call to the next.
  TimePoint look_for_progress();

 private:
  enum class State { starting, open, ended, lost };

  /// Exists since the sink is not writeable. It outlasts the moment in which it is again until the
  /// timer fires, so that a sink that is full again and again costs no allocation each time.
  struct Throttling {
    explicit Throttling(SinkWatch::Limits limits) : watch(limits) {}

    SinkWatch watch;
    std::optional<std::size_t> untaken_at_look;
  };

  [[nodiscard]] bool is_throttled() const {
    return throttling_ && throttling_->watch.is_throttled();
  }
  void note_refused(SendError error, TimePoint now);
  void note_throttled(TimePoint now);
  void note_writeable() {
    if (throttling_) end_throttling();
  }
  void end_throttling();
  std::size_t ask_untaken();
  void on_timer();
  void look();

  Scheduler& scheduler_;
  Connection& sink_;
  Tally& tally_;
  observe::LatencyHistogram& send_latency_;
  OutletEvents& events_;
  SinkWatch::Limits limits_;
  State state_ = State::starting;
  Stride stride_;
  InFlight sends_;
  std::unique_ptr<Throttling> throttling_;
  Timer timer_;
  TimePoint last_progress_;
  std::size_t pending_at_look_ = 0;
};

}  // namespace spillway::overflow
