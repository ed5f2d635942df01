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

namespace spillway::testing {

class PipeHarness {
 public:
  explicit PipeHarness(std::size_t queue_limit) : queue_limit_(queue_limit) {
    connect_source();
    pipe.emplace(overflow::Pipe::Surroundings{scheduler, chunks, latency},
                 overflow::Pipe::Ends{.source = source, .sink = sink},
                 config::Overflow{.policy = config::OverflowPolicy::pause, .queue = queue_limit_});
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

  void run() {
    for (int rounds = 0; rounds < 10'000; ++rounds) {
      const bool source_polled = source_wire.poll();
      const bool polled = sink_wire.poll() || source_polled;
      const bool worked = scheduler.has_work();
      scheduler.run_turn();
      check();
      if (!polled && !worked) return;
    }
    FAIL() << "the pipe never comes to rest";
  }

  [[nodiscard]] observe::FlowFigures figures() const { return pipe->figures(); }

  ManualClock clock;
  Scheduler scheduler{clock};
  overflow::ChunkPool chunks;
  observe::LatencyHistogram latency;
  Wire source_wire;
  Wire sink_wire;
  Connection source;
  Connection sink;
  std::optional<overflow::Pipe> pipe;
  std::size_t most_pending = 0;
  bool sink_closed = false;

 private:
  /// At any time: in = out + unsent, and nothing is dropped.
  void check() {
    const observe::FlowFigures now = figures();
    EXPECT_LE(now.bytes_out, now.bytes_in);
    EXPECT_EQ(now.dropped_bytes, 0U);
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

  std::size_t queue_limit_;
  SourceEvents source_events_{*this};
  SinkEvents sink_events_{*this};
};

}  // namespace spillway::testing
