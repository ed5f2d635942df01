// One direction of a session: from its source through a queue to its sink.
#pragma once

#include "daemon/config/config.hpp"
#include "daemon/observe/connection_log.hpp"
#include "daemon/observe/histogram.hpp"
#include "daemon/overflow/queue.hpp"
#include "daemon/overflow/stride.hpp"

#include <spillway/bytes.hpp>
#include <spillway/clock.hpp>
#include <spillway/connection.hpp>
#include <spillway/scheduler.hpp>

#include <boost/circular_buffer.hpp>

#include <cstdint>

namespace spillway::overflow {

/// Bytes go one way; what comes back is flow control alone. The session passes on what its
/// connections tell; the pipe sends, queues, and mutes or unmutes the source. Nothing is lost and
/// order is kept: every byte received is sent or queued (policy `pause`).
///
/// Memory <= the connection's read buffer + the queue's limit + one message (it arrives while
/// the queue is full) + what a sink left of one send: at most Stride::full when it was fast until
/// then, Stride::cautious when it was slow before.
class Pipe {
 public:
  struct Ends {
    /// May be the same connection. Both outlive the pipe.
    Connection& source;
    Connection& sink;
  };
  /// All references outlive the pipe.
  struct Surroundings {
    const Scheduler& scheduler;
    ChunkPool& chunks;
    observe::LatencyHistogram& send_latency;
  };

  Pipe(Surroundings surroundings, Ends ends, const config::Overflow& overflow);

  // What the source tells.
  void on_received(Bytes message);
  /// The rest is still sent, then the sink's sending side is ended.
  void on_source_ended();

  // What the sink tells. Until it has started, everything is queued.
  void on_sink_started();
  void on_sent();
  void on_unthrottled();

  /// The source ended, all of it is with the sink's operating system, and the sink's sending side
  /// is ended too.
  [[nodiscard]] bool is_finished() const { return sink_state_ == Sink::ended && sends_.empty(); }

  /// So far; a pause that lasts is counted up to now.
  [[nodiscard]] observe::FlowFigures figures() const;

  /// When bytes last moved, seen from now. Of a send that the sink takes piece by piece, progress
  /// shows only from one look to the next.
  TimePoint look_for_progress();

 private:
  enum class Source { flowing, paused, ended };
  enum class Sink { starting, open, ended, lost };

  /// An accepted send whose `on_sent` is still to come.
  struct Send {
    TimePoint accepted;
    std::size_t bytes;
    std::uint32_t messages;  // that end with it
  };

  Bytes send_now(Bytes message, TimePoint now);
  void hold(Bytes rest, TimePoint now);
  void drain();
  void note_accepted(Send send);
  void note_refused(SendError error);
  void pause(TimePoint now);
  void resume_when_low(TimePoint now);
  void end_sink_when_drained();

  const Scheduler& scheduler_;
  observe::LatencyHistogram& send_latency_;
  Connection& source_;
  Connection& sink_;
  Source source_state_ = Source::flowing;
  Sink sink_state_ = Sink::starting;
  Queue queue_;
  Stride stride_;
  boost::circular_buffer<Send> sends_;  // in token order (SC-11)
  observe::FlowFigures figures_;
  TimePoint paused_since_{};
  TimePoint last_progress_;
  std::size_t pending_at_look_ = 0;
};

}  // namespace spillway::overflow
