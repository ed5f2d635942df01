// The sink's side of a pipe.
#pragma once

#include "daemon/observe/latency_sample.hpp"
#include "daemon/overflow/in_flight.hpp"
#include "daemon/overflow/lane.hpp"
#include "daemon/overflow/sink_watch.hpp"
#include "daemon/overflow/stride.hpp"
#include "daemon/overflow/tally.hpp"

#include <spillway/clock.hpp>
#include <spillway/connection.hpp>
#include <spillway/scheduler.hpp>

#include <cstddef>
#include <cstdint>
#include <memory>
#include <optional>

namespace spillway::overflow {

/// Hears what an outlet finds, from inside its functions and its timer.
class OutletEvents {
 public:
  /// From now on `most()` is another: the sink has earned trust, or lost it.
  virtual void on_stride() = 0;
  /// The sink is not writeable any more: what happens from now on belongs to the episode.
  virtual void on_throttled() = 0;
  /// It has not been writeable for `slow_after`.
  virtual void on_slow() = 0;
  /// It is writeable again. `since` it was not; only if it was slow.
  virtual void on_recovered(TimePoint since) = 0;
  /// It has not taken a byte for `stall_timeout`.
  virtual void on_stalled() = 0;
  /// It took bytes, at `now` at the latest.
  virtual void on_progress(TimePoint now) = 0;
  /// A later turn came, as `call_later` asked for; or perhaps nobody asked.
  virtual void on_turn() = 0;

 protected:
  ~OutletEvents() = default;
};

/// Sends, measures how long the operating system took to take it, and watches whether the sink
/// keeps up. Holds no bytes, and the count of all that pass.
class Outlet {
 public:
  /// All of it outlives the outlet.
  Outlet(const Lane& lane, Connection& sink, OutletEvents& events)
      : lane_(lane), sink_(sink), events_(events), tally_(lane.metrics) {}
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
  void call_later(TimePoint now) { throttling().timer.expires_at(now); }
  /// One message more ended with the last send than was known then.
  void count_message();

  // What the sink tells.
  /// Returns how long the oldest send was under way.
  observe::LatencySample on_sent(TimePoint now);
  void on_unthrottled() { note_writeable(); }

  [[nodiscard]] const Lane& lane() const { return lane_; }
  [[nodiscard]] Tally& tally() { return tally_; }
  [[nodiscard]] const Tally& tally() const { return tally_; }
  [[nodiscard]] const Connection& sink() const { return sink_; }
  /// How long the sink has not been writeable; 0 if it is.
  [[nodiscard]] Duration throttled_for() const;
  /// Of a sink that takes a send piece by piece, `on_progress` is told only from one call to the
  /// next.
  void look_for_progress();

 private:
  enum class State : std::uint8_t { starting, open, ended, lost };

  /// Exists since the sink is not writeable, or others have their turn first. It outlasts the
  /// moment in which the sink is writeable again until the timer fires, so that one that is full
  /// again and again costs no allocation each time. Let go of inside its timer's call, too.
  struct Throttling final : Retired {
    explicit Throttling(Outlet& outlet);

    SinkWatch watch;
    Timer timer;
    std::optional<std::size_t> untaken_at_look;
  };

  [[nodiscard]] bool is_throttled() const {
    return throttling_ && throttling_->watch.is_throttled();
  }
  Throttling& throttling() {
    if (!throttling_) throttling_ = std::make_unique<Throttling>(*this);
    return *throttling_;
  }
  void let_go_of_throttling();
  void note_refused(SendError error, TimePoint now);
  void note_throttled(TimePoint now);
  void note_writeable() {
    if (throttling_) end_throttling();
  }
  void end_throttling();
  std::size_t ask_untaken();
  void on_timer();
  void look();

  const Lane& lane_;
  Connection& sink_;
  OutletEvents& events_;
  InFlight sends_;
  std::unique_ptr<Throttling> throttling_;
  Stride stride_;
  std::uint32_t pending_at_look_ = 0;  // bytes: what is left of one send, and of a layer's own
  [[no_unique_address]] Tally tally_;  // small things go into what it leaves of its last word
  State state_ = State::starting;
};

}  // namespace spillway::overflow
