// One direction of a session: from its source through a queue to its sink.
#pragma once

#include "daemon/config/config.hpp"
#include "daemon/observe/flow.hpp"
#include "daemon/observe/flow_figures.hpp"
#include "daemon/observe/histogram.hpp"
#include "daemon/overflow/framer.hpp"
#include "daemon/overflow/lane.hpp"
#include "daemon/overflow/outlet.hpp"
#include "daemon/overflow/queue.hpp"
#include "daemon/overflow/tally.hpp"

#include <spillway/bytes.hpp>
#include <spillway/clock.hpp>
#include <spillway/connection.hpp>
#include <spillway/scheduler.hpp>

#include <cstdint>
#include <span>
#include <string_view>

namespace spillway::overflow {

class Pipe;

/// Why a pipe cannot go on.
enum class PipeFailure { slow_consumer, stalled, memory, message_too_big, bad_length };

std::string_view to_string(PipeFailure failure);

/// A time in which the sink was not writeable, for longer than `slow_after`.
struct SlowEpisode {
  Duration duration;
  std::uint64_t queue_peak;  // bytes
  observe::FlowCounters::Dropped dropped;
};

/// Hears what its pipes find, from inside a pipe's functions and its timer, and keeps what they
/// measure together. Any function of any connection may be called from inside; the pipe itself is
/// to be destroyed later.
class PipeOwner {
 public:
  virtual void on_slow(const Pipe& pipe) = 0;
  /// The sink is writeable again.
  virtual void on_recovered(const Pipe& pipe, const SlowEpisode& episode) = 0;
  /// Told once; nothing is sent any more, and the session is to be ended.
  virtual void on_failed(const Pipe& pipe, PipeFailure failure) = 0;
  /// The pipe is finished, and found out by itself rather than in what it was told of.
  virtual void on_finished() = 0;

  // What a pipe reports.
  void note_progress(TimePoint now) { last_progress_ = now; }
  void note_sent(observe::LatencySample latency) { send_latency_.record(latency); }

  /// When bytes last moved, as far as it was noted.
  [[nodiscard]] TimePoint last_progress() const { return last_progress_; }
  [[nodiscard]] const observe::LatencyHistogram& send_latency() const { return send_latency_; }

 protected:
  ~PipeOwner() = default;

 private:
  observe::LatencyHistogram send_latency_;
  TimePoint last_progress_{};
};

/// Bytes go one way; what comes back is flow control alone. The session passes on what its
/// connections tell; the pipe sends, queues, and does what the policy says when the queue is full.
/// Order is kept, and every byte received is sent, queued, or counted as dropped.
///
/// `pause` and `close` pass on a stream as it comes. The policies that drop pass on whole messages:
/// what has not ended waits, so that a drop never tears a message.
///
/// Memory <= the loop's read buffer + the queue's limit + one message + what a sink left of one
/// send: at most Stride::full of one whose peer acknowledged enough to be trusted, Stride::cautious
/// of any other. The message is the one that has not ended, or with `pause` the read that found the
/// queue full.
class Pipe final : private OutletEvents {
 public:
  struct Ends {
    /// May be the same connection. Both outlive the pipe.
    Connection& source;
    Connection& sink;
  };
  /// `lane` and `owner` outlive the pipe.
  Pipe(const Lane& lane, PipeOwner& owner, Ends ends);
  ~Pipe();
  Pipe(const Pipe&) = delete;
  Pipe& operator=(const Pipe&) = delete;

  // What the source tells.
  void on_received(Bytes data);
  /// The rest is still sent, then the sink's sending side is ended.
  void on_source_ended();

  // What the sink tells. Until it has started, everything is queued.
  void on_sink_started();
  void on_sent() {
    const TimePoint now = scheduler().now();
    owner_.note_progress(now);
    owner_.note_sent(outlet_.on_sent(now));
  }
  void on_unthrottled();

  /// Nothing is sent any more; what is queued is let go of and stays unsent.
  void abandon();
  /// The same, and `on_failed` says why. Nothing if the pipe is finished or abandoned.
  void fail(PipeFailure failure);

  /// The source ended, all of it is with the sink's operating system, and the sink's sending side
  /// is ended too.
  [[nodiscard]] bool is_finished() const { return outlet_.is_finished(); }

  [[nodiscard]] observe::Direction direction() const { return lane().direction; }
  [[nodiscard]] const Connection& sink() const { return outlet_.sink(); }
  /// Bytes that wait here, a message that has not ended included.
  [[nodiscard]] std::size_t queued_bytes() const { return queue_.bytes() + queue_.partial_bytes(); }
  [[nodiscard]] std::size_t queued_messages() const { return queue_.messages(); }
  /// How long the sink has not been writeable; 0 if it is.
  [[nodiscard]] Duration throttled_for() const { return outlet_.throttled_for(); }

  /// Counts what lasts up to now: a pause, and the depth of the queue.
  void settle_figures();
  /// So far.
  [[nodiscard]] observe::FlowFigures figures() const {
    return {tally().counters(), tally().queue_peak()};
  }

  /// When bytes last moved, in any of the owner's pipes, seen from now. Of a send that the sink
  /// takes piece by piece, progress shows only from one look to the next.
  TimePoint look_for_progress();

 private:
  enum class Source : std::uint8_t { flowing, paused, ended };

  /// What one send offers of what has just arrived.
  struct Fresh {
    std::size_t bytes = 0;
    std::size_t messages = 0;
    Framer after;  // at their end
  };
  /// The queue's head, and fresh bytes behind it.
  struct Offer {
    Queue::Portion queued;
    Fresh fresh;

    [[nodiscard]] std::size_t bytes() const { return queued.bytes + fresh.bytes; }
    [[nodiscard]] std::size_t messages() const { return queued.messages + fresh.messages; }
  };

  // Sending what waits and what arrives (pipe.cpp).
  Bytes pass_on(Bytes fresh, TimePoint now);
  Bytes transmit(Bytes fresh, TimePoint now);
  Fresh make_fresh(Bytes piece) const;
  Offer make_offer(Bytes fresh, std::span<Bytes> views);
  bool begin_large(Bytes& fresh, TimePoint now);
  void note_accepted(const Fresh& fresh);
  void note_accepted(const Offer& offer, TimePoint now);
  void drain();
  void end_sink_when_drained();

  // Keeping, or not, what the sink cannot take (hold.cpp).
  Bytes finish_partial(Bytes data, TimePoint now);
  void hold_stream(Bytes rest, TimePoint now);
  void hold_messages(Bytes rest, TimePoint now);
  void keep_what_fits(Bytes bytes, std::size_t messages, TimePoint now);
  WholeMessages keep_oldest(Bytes bytes, std::size_t messages, TimePoint now);
  WholeMessages keep_newest(Bytes bytes, std::size_t messages, TimePoint now);
  WholeMessages keep_newest_beside_begun(Bytes bytes, TimePoint now);
  void hold_message(Bytes end, TimePoint now);
  bool make_room(std::size_t size);
  void drop_expired(TimePoint now);
  void end_partial();
  void pause(TimePoint now);
  void resume_when_low();
  void pace_source();

  void on_stride() override { pace_source(); }
  // What the send took is still in the queue: its depth is noted when the call is done.
  void on_throttled() override { tally().begin_episode(); }
  void on_slow() override { owner_.on_slow(*this); }
  void on_recovered(TimePoint since) override;
  void on_stalled() override { fail(PipeFailure::stalled); }
  void on_progress(TimePoint now) override { owner_.note_progress(now); }
  void on_turn() override {
    drain();
    if (is_finished()) owner_.on_finished();
  }

  [[nodiscard]] const Lane& lane() const { return outlet_.lane(); }
  [[nodiscard]] Scheduler& scheduler() const { return lane().scheduler; }
  [[nodiscard]] const config::Overflow& overflow() const { return lane().overflow; }
  [[nodiscard]] const Framing& framing() const { return framer_.framing(); }
  [[nodiscard]] Tally& tally() { return outlet_.tally(); }
  [[nodiscard]] const Tally& tally() const { return outlet_.tally(); }
  [[nodiscard]] bool keeps_messages() const { return config::drops(overflow().policy); }
  bool check(Framer::Verdict verdict);
  void count_in(std::size_t messages);
  void count_dropped(observe::FlowCounters::Dropped observe::FlowCounters::*cause,
                     WholeMessages dropped);
  void show_queue();

  PipeOwner& owner_;
  Connection& source_;
  Framer framer_;  // at the end of what arrived
  Queue queue_;
  [[no_unique_address]] Outlet outlet_;  // small things go into what it leaves of its last word
  Source source_state_ = Source::flowing;
  bool full_ = false;  // until the queue is low (drop_newest)
};

}  // namespace spillway::overflow
