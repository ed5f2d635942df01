// A pipe, the two connections that it joins, and their peers.
#pragma once

#include "daemon/overflow/pipe.hpp"
#include "tests/overflow_simulation/author.hpp"
#include "tests/overflow_simulation/consumer.hpp"
#include "tests/overflow_simulation/counted_layer.hpp"
#include "tests/overflow_simulation/model.hpp"
#include "tests/overflow_simulation/route.hpp"
#include "tests/simulation/slow_dial.hpp"
#include "tests/simulation/socket.hpp"

#include <spillway/connection.hpp>
#include <spillway/events.hpp>

#include <optional>
#include <string>

namespace spillway::overflow_simulation {

using simulation::Socket;

/// Passes on what its connections tell, as the daemon's sessions do, and each time asks the model
/// whether what the pipe made of it is right.
class Session final : private overflow::PipeOwner, private ServerEvents {
 public:
  Session(Route& route, Random& random);

  // What the peers and the system do.
  void source_writes(std::size_t messages);
  /// At most `size` bytes of what was written arrive.
  void source_arrives(std::size_t size);
  void source_ends();
  void source_breaks();
  void sink_starts();
  void sink_fails_to_start();
  void sink_breaks();
  /// After `more` bytes.
  void sink_writes_break(std::size_t more);
  void sink_chatters();
  /// True if there was anything to read.
  bool consumer_reads(std::size_t size);
  bool poll(Interest look_at = {.readable = true, .writeable = true});
  Socket& source_socket() { return source_socket_; }
  Socket& sink_socket() { return sink_socket_; }

  // What the daemon does.
  void settle_figures();
  void fail_for_memory();
  void cut();
  /// The pipe is destroyed.
  void let_go();
  /// The connections are: in the scheduler's next turn, and before their sockets.
  void disconnect();

  /// After all timers that were due.
  void turned();
  /// After every step.
  void check(bool at_rest);
  /// With nothing left to do for either side.
  void check_settled();

  [[nodiscard]] bool is_over() const { return cut_ || pipe_->is_finished(); }
  [[nodiscard]] bool sink_waits() const { return dial_.waits(); }
  [[nodiscard]] bool source_has_ended() const { return source_gone_; }
  [[nodiscard]] bool has_unsent() const { return !written_.empty(); }
  [[nodiscard]] Model& model() { return model_; }
  /// Of the pipe, also when it is gone.
  [[nodiscard]] observe::FlowFigures figures() const;
  [[nodiscard]] std::size_t queued_bytes() const { return pipe_ ? pipe_->queued_bytes() : 0; }
  [[nodiscard]] std::size_t queued_messages() const { return pipe_ ? pipe_->queued_messages() : 0; }

 private:
  struct SinkEvents final : ClientEvents {
    explicit SinkEvents(Session& owner) : session(owner) {}
    void on_connected() override;
    void on_connection_failure(const Failure&) override { session.cut(); }
    void on_received(Bytes) override {}
    void on_sent(SendToken) override;
    void on_unthrottled() override;
    void on_end_of_stream() override {}
    void on_closed(const Closed&) override;
    Session& session;
  };

  void on_received(Bytes data) override;
  void on_end_of_stream() override;
  void on_start_failure(const Failure&) override { cut(); }
  void on_closed(const Closed&) override { cut(); }

  void on_slow(const overflow::Pipe& pipe) override;
  void on_recovered(const overflow::Pipe& pipe, const overflow::SlowEpisode& episode) override;
  void on_failed(const overflow::Pipe& pipe, PipeFailure failure) override;
  void on_finished() override {}  // seen at the next look

  void dial(Random& random);
  void count_accepted();
  [[nodiscard]] Observation observe();
  void catch_up();
  void follow_failure();

  Route& route_;
  Author author_;
  std::string written_;  // by the source, not arrived
  Socket source_socket_{route_.verdict};
  Socket sink_socket_{route_.verdict};
  Model model_{route_.setting, route_.clock, route_.verdict};
  Consumer consumer_{sink_socket_, model_.passed(), route_.verdict};
  simulation::DialSlot dial_;
  SinkEvents sink_events_{*this};
  std::optional<LayerCount> layer_;  // before sink_, which has the layer
  std::size_t accepted_ = 0;
  bool sink_lost_ = false;
  bool source_gone_ = false;
  bool cut_ = false;
  bool failed_ = false;
  std::optional<observe::FlowFigures> last_figures_;
  Connection source_;
  Connection sink_;
  std::optional<overflow::Pipe> pipe_;
};

}  // namespace spillway::overflow_simulation
