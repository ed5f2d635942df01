// A pipe between two connections on scripted transports.
#pragma once

#include "daemon/overflow/pipe.hpp"
#include "tests/support/scripted_transport.hpp"

#include <spillway/connection.hpp>
#include <spillway/events.hpp>
#include <spillway/scheduler.hpp>

#include <gtest/gtest.h>

#include <algorithm>
#include <memory>
#include <optional>
#include <string>
#include <vector>

namespace spillway::testing {

/// Bytes that tell their place.
inline std::string pattern(std::size_t size, std::size_t from = 0) {
  std::string text(size, '\0');
  for (std::size_t i = 0; i < size; ++i) text[i] = static_cast<char>((from + i) * 7 / 3);
  return text;
}

/// What a pipe told its session.
class RecordedPipe final : public overflow::PipeOwner {
 public:
  void on_slow(const overflow::Pipe&) override { ++slow; }
  void on_recovered(const overflow::Pipe&, const overflow::SlowEpisode& episode) override {
    recovered.push_back(episode);
  }
  void on_failed(const overflow::Pipe&, overflow::PipeFailure reason) override {
    EXPECT_FALSE(failure.has_value()) << "failed twice";
    failure = reason;
  }
  void on_finished() override { ++finished; }

  int slow = 0;
  int finished = 0;
  std::vector<overflow::SlowEpisode> recovered;
  std::optional<overflow::PipeFailure> failure;
};

class PipeHarness {
 public:
  explicit PipeHarness(std::size_t queue_limit)
      : PipeHarness(config::Overflow{.queue = queue_limit}) {}

  explicit PipeHarness(config::Overflow overflow, config::Framing framing = {},
                       std::size_t max_message = 64 * 1024)
      : overflow_(overflow), framing_(framing, max_message) {
    connect_source();
    pipe.emplace(lane_, told, overflow::Pipe::Ends{.source = source, .sink = sink});
    run();
  }

  void connect_sink() {
    sink = Connection::client(scheduler, std::make_unique<ScriptedTransport>(sink_wire), {},
                              sink_events_);
    run();
  }

  /// The source's peer sends.
  void arrives(const std::string& bytes) {
    source_wire.receives(bytes);
    run();
  }
  void source_ends() {
    source_wire.ends();
    run();
  }
  /// The sink's system takes `bytes` more.
  void sink_takes(std::size_t bytes) {
    sink_wire.takes(bytes);
    run();
  }
  void sink_takes_everything() { sink_takes(Wire::unlimited); }

  void advance(Duration by) {
    clock.advance(by);
    run();
  }

  void run() {
    for (int rounds = 0; rounds < 10'000; ++rounds) {
      const bool source_polled = source_wire.poll();
      const bool polled = sink_wire.poll() || source_polled;
      const auto deadline = scheduler.next_deadline();
      const bool worked = scheduler.has_work() || (deadline && *deadline <= clock.now());
      scheduler.run_turn();
      check();
      if (!polled && !worked) return;
    }
    FAIL() << "the pipe never comes to rest";
  }

  [[nodiscard]] observe::FlowFigures figures() const { return pipe->figures(); }

  ManualClock clock;
  Scheduler scheduler{clock};
  overflow::MemoryLimit memory{0, [] {}};
  overflow::MemoryAccount account{memory};
  overflow::ChunkPool chunks{account};
  observe::FlowMetrics metrics;
  RecordedPipe told;
  const observe::LatencyHistogram& latency = told.send_latency();
  Wire source_wire;
  Wire sink_wire;
  Connection source;
  Connection sink;
  std::optional<overflow::Pipe> pipe;
  std::size_t most_pending = 0;
  bool sink_closed = false;

 private:
  /// At any time: in = out + sending + queued + dropped (a lost sink's rest apart), and the route's
  /// figures say the same as the pipe's.
  void check() {
    const observe::FlowFigures now = figures();
    EXPECT_EQ(now.counters, metrics.counters);
    EXPECT_EQ(metrics.queued_bytes, pipe->queued_bytes());
    EXPECT_EQ(metrics.queued_messages, pipe->queued_messages());
    EXPECT_LE(now.counters.bytes_out + now.counters.dropped_bytes() + metrics.queued_bytes,
              now.counters.bytes_in);
    most_pending = std::max(most_pending, sink.pending_bytes());
  }

  void connect_source() {
    source = Connection::server(scheduler, std::make_unique<ScriptedTransport>(source_wire), {},
                                source_events_);
  }

  struct SourceEvents final : ServerEvents {
    explicit SourceEvents(PipeHarness& owner) : harness(owner) {}
    void on_received(Bytes data) override { harness.pipe->on_received(data); }
    void on_end_of_stream() override { harness.pipe->on_source_ended(); }
    void on_start_failure(const Failure&) override {}
    void on_closed(const Closed&) override {}
    PipeHarness& harness;
  };

  struct SinkEvents final : ClientEvents {
    explicit SinkEvents(PipeHarness& owner) : harness(owner) {}
    void on_connected() override { harness.pipe->on_sink_started(); }
    void on_connection_failure(const Failure&) override {}
    void on_received(Bytes) override {}
    void on_sent(SendToken) override { harness.pipe->on_sent(); }
    void on_unthrottled() override { harness.pipe->on_unthrottled(); }
    void on_end_of_stream() override {}
    void on_closed(const Closed&) override { harness.sink_closed = true; }
    PipeHarness& harness;
  };

  config::Overflow overflow_;
  overflow::Framing framing_;
  overflow::Lane lane_{scheduler, chunks, framing_, overflow_, observe::Direction::to_client,
                       metrics};
  SourceEvents source_events_{*this};
  SinkEvents sink_events_{*this};
};

}  // namespace spillway::testing
