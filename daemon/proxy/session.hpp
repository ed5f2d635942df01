// A client's session, from accept to its line in the log.
#pragma once

#include "daemon/observe/connection_log.hpp"
#include "daemon/observe/histogram.hpp"
#include "daemon/observe/live_connection.hpp"
#include "daemon/observe/log.hpp"
#include "daemon/observe/overflow_log.hpp"
#include "daemon/overflow/chunk_pool.hpp"
#include "daemon/overflow/pipe.hpp"
#include "daemon/proxy/deadline.hpp"
#include "daemon/proxy/end.hpp"
#include "daemon/proxy/entrance.hpp"
#include "daemon/proxy/upstream.hpp"

#include <spillway/connection.hpp>
#include <spillway/events.hpp>
#include <spillway/scheduler.hpp>
#include <spillway/tls/tls_layer.hpp>

#include <cstdint>
#include <memory>
#include <optional>
#include <string>
#include <string_view>

namespace spillway::proxy {

class Session;

/// What a loop lends to its sessions. All of it outlives them.
struct SessionContext {
  Scheduler& scheduler;
  overflow::ChunkPool& chunks;
  observe::Log& log;
  DialServer dial_server;
};

/// All queues together hold more than they may.
struct MemoryPressure {
  std::size_t total;  // bytes
  std::size_t limit;
};

/// Owns sessions.
class SessionOwner {
 public:
  /// The session is over and logged: its owner retires it. Told once, from inside its callbacks.
  virtual void on_session_ended(Session& session) = 0;

 protected:
  ~SessionOwner() = default;
};

/// The client's half of a session, and its life: handshake, data, end. What the bytes are for is
/// the derived class's.
///
/// It ends in one of two ways. In peace: each direction's pipe is finished, and both connections
/// are closed. Cut short, by whatever comes first: everything is reset, so that neither side can
/// take a loss for a clean end. Either way the session is over when the last of its connections
/// has said so; only then are its figures final.
class Session : public Retired, private ServerEvents, protected overflow::PipeOwner {
 public:
  struct Arrival {
    std::uint64_t id;
    std::shared_ptr<const Entrance> entrance;
    std::unique_ptr<Transport> transport;
    /// Kept for as long as the session exists.
    ConnectionLimit::Place process_place;
    ConnectionLimit::Place route_place;
  };

  ~Session() override;
  Session(const Session&) = delete;
  Session& operator=(const Session&) = delete;

  /// Ends it by force, for `reason` (a literal). The owner hears of the end in a later turn. False
  /// if it was cut short before.
  bool stop(std::string_view reason, Ender by = Ender::drain);

  [[nodiscard]] std::uint64_t id() const { return id_; }
  [[nodiscard]] const config::Route& config() const { return route().config; }
  /// How it ends is settled; its line in the log may be still to come.
  [[nodiscard]] bool has_ended() const { return ending_ && ending_->end; }
  /// Writes a line about it as it is now.
  void log() const;

  /// Brings its part of the route's figures up to now.
  void settle_figures();
  /// What is to be told of it while it lives.
  [[nodiscard]] observe::LiveConnection look();
  [[nodiscard]] observe::Trouble trouble();
  /// Bytes that wait in its queues.
  [[nodiscard]] std::size_t queued_bytes();
  /// Ends it because it holds most of them while all sessions together hold too much.
  void stop_for_memory(const MemoryPressure& pressure);

 protected:
  explicit Session(Arrival arrival);

  // What the derived class adds to the client's half. An echo session has one pipe: both are it.
  virtual overflow::Pipe& from_client() = 0;
  virtual overflow::Pipe& to_client() = 0;
  /// The client is there; its pipe has been told.
  virtual void begin() = 0;
  virtual void close_rest() = 0;
  virtual void abort_rest() = 0;
  /// Nothing but the client's half is left.
  [[nodiscard]] virtual bool rest_is_gone() const = 0;
  virtual void describe(observe::ConnectionRecord& record) const = 0;

  [[nodiscard]] const Entrance& entrance() const { return *entrance_; }
  [[nodiscard]] const SessionContext& context() const { return entrance_->context; }
  [[nodiscard]] const Route& route() const { return *entrance_->route; }
  [[nodiscard]] observe::RouteMetrics& metrics() const { return entrance_->metrics; }
  Connection& client() { return client_; }
  /// When the client was ready.
  [[nodiscard]] TimePoint started() const { return opened_ + handshake_; }
  /// For both connections of a session, which differ in their handshakes.
  [[nodiscard]] ConnectionOptions connection_options() const;

  void enter(Phase phase) { phase_ = phase; }
  /// Bytes can pass from now on: timeouts count.
  void enter_data();
  /// A side ended its sending.
  void note_half_close(Ender by);
  /// Closes in peace once all pipes are finished.
  void settle();
  /// Cuts the session short. Only the first cause counts.
  void cut(Ender by, std::string_view reason);
  /// To be called when a connection is gone that was there: ends the session, if it had not ended.
  void end_with(Ender side, const Closed& closed);
  /// To be called when a connection is gone.
  void finish_when_alone();

 private:
  enum class Client : std::uint8_t { starting, open, gone };

  struct HalfClose {
    Ender by;
    TimePoint at;
  };
  /// Exists from the first of them on.
  struct Ending {
    std::optional<HalfClose> half_close;
    std::optional<End> end;
  };

  void on_started() override;
  void on_start_failure(const Failure& failure) override;
  void on_received(Bytes data) override;
  void on_sent(SendToken token) override;
  void on_unthrottled() override;
  void on_end_of_stream() override;
  void on_closed(const Closed& closed) override;

  void on_slow(const overflow::Pipe& pipe) override;
  void on_recovered(const overflow::Pipe& pipe, const overflow::SlowEpisode& episode) override;
  void on_failed(const overflow::Pipe& pipe, overflow::PipeFailure failure) override;
  void on_finished() override { settle(); }

  [[nodiscard]] observe::Consumer consumer_of(const overflow::Pipe& pipe) const;
  [[nodiscard]] observe::SlowConsumer backlog_of(const overflow::Pipe& pipe) const;
  void note_bad_message(const overflow::Pipe& pipe, overflow::PipeFailure failure);
  Connection accept(std::unique_ptr<Transport> transport);
  void note_failed_handshake(const Failure& failure);
  void note_loss(std::string_view side, const Closed& closed);
  void count_handshake();
  [[nodiscard]] observe::LiveFlow look_at(overflow::Pipe& pipe,
                                          const observe::FlowFigures& figures) const;
  [[nodiscard]] std::string_view phase_name() const;
  [[nodiscard]] Activity activity();
  void arm_timer();
  void check_deadline();
  void abort();
  Ending& ending();
  [[nodiscard]] const HalfClose* half_close() const;
  [[nodiscard]] observe::ConnectionRecord record() const;

  friend class SessionSet;

  std::uint64_t id_;
  std::shared_ptr<const Entrance> entrance_;
  ConnectionLimit::Place process_place_;
  ConnectionLimit::Place route_place_;
  TimePoint opened_;
  Duration handshake_{};
  std::unique_ptr<Ending> ending_;
  Timer timer_;
  TlsLayer* tls_ = nullptr;  // belongs to client_, whose making sets it: so it comes first
  Connection client_;
  std::uint32_t index_ = 0;  // in the owner's set
  Client client_state_ = Client::starting;
  Phase phase_ = Phase::handshake;
};

}  // namespace spillway::proxy
