// The send contract, said a second time.
#pragma once

#include "tests/simulation/causes.hpp"
#include "tests/simulation/layer_watch.hpp"
#include "tests/simulation/sends.hpp"
#include "tests/simulation/socket.hpp"
#include "tests/simulation/verdict.hpp"

#include <spillway/clock.hpp>
#include <spillway/connection.hpp>

#include <cstddef>
#include <cstdint>
#include <optional>

namespace spillway::simulation {

/// Predicts what the connection may and must do from what the application called, what the socket
/// took and gave, and what the layers made; never from the connection. All checks of the contract
/// that are not of a socket, a layer or the peer are here.
class Model {
 public:
  Model(const Socket& socket, LayerWatch& layers, const Clock& clock,
        const ConnectionOptions& options, Verdict& verdict);

  // What holds now.
  [[nodiscard]] bool is_open() const;
  [[nodiscard]] bool sends_ended() const { return send_ended_; }
  [[nodiscard]] bool is_writeable() const { return !refusal(); }
  [[nodiscard]] std::optional<SendError> refusal() const;
  [[nodiscard]] std::optional<StartTlsError> start_tls_refusal() const;
  [[nodiscard]] std::size_t pending() const;
  [[nodiscard]] std::size_t undelivered() const { return layers_.surfaced() - delivered_; }
  [[nodiscard]] bool muted() const { return muted_; }
  [[nodiscard]] std::size_t bytes_delivered() const { return delivered_; }
  [[nodiscard]] bool told_last() const { return life_ == Life::over; }
  [[nodiscard]] bool gone() const { return gone_; }
  [[nodiscard]] bool over() const { return socket_.over() || dial_over_; }
  [[nodiscard]] const Sends& sends() const { return sends_; }
  /// Every layer said its goodbye before the FIN, so that the peer hears them all.
  [[nodiscard]] bool ended_in_form() const { return ended_in_form_; }
  /// Bytes of the last send that was refused while it was being written: the peer may see them.
  [[nodiscard]] std::size_t plain_lost() const { return plain_lost_; }

  // What the application does. `refused` is what `refusal()` was before the call.
  void dialled();
  void dial_failed(FailureReason reason);
  void sent(std::size_t size, const SendResult& result, std::optional<SendError> refused);
  void upgraded();
  void mute() { muted_ = ever_muted_ = true; }
  void unmute() { muted_ = false; }
  void shut_down_send();
  void close();
  void hard_close();
  void let_go();

  // What the connection does.
  void fin();

  // What the application is told. Each checks that it may be.
  void told_start();
  void told_failure(const Failure& failure);
  void told_received(Bytes data, bool as_sent);
  void told_sent(SendToken token);
  void told_throttled();
  void told_unthrottled();
  void told_end();
  void told_tls_started();
  void told_closed(const Closed& closed);

  /// After every step, outside of callbacks. `at_rest`: the scheduler has nothing to do.
  void check(const Connection& connection, bool at_rest);
  /// Inside callbacks too.
  void check_answers(const Connection& connection);

 private:
  enum class Life { before_start, started, over };

  void require(bool holds, std::string_view promise) { verdict_.require(holds, promise); }
  void told_something(bool starts);
  void note_readiness();
  [[nodiscard]] bool was_ready() const;
  [[nodiscard]] Causes causes() const;
  void add_failed_layer(Causes& all) const;
  [[nodiscard]] bool caused_from_below() const;
  [[nodiscard]] std::optional<Cause> deadline_cause() const;
  [[nodiscard]] std::size_t pending_protocol() const;
  [[nodiscard]] bool input_over() const { return socket_.read_end() || layers_.finished(); }
  [[nodiscard]] bool in_vain() const { return socket_.told_error() || layers_.failed(); }
  void check_alive();
  void check_told();
  void check_interest();

  const Socket& socket_;
  LayerWatch& layers_;
  const Clock& clock_;
  const ConnectionOptions& options_;
  Verdict& verdict_;

  Sends sends_;
  Causes called_for_;
  Life life_ = Life::before_start;
  TimePoint handshake_began_;
  std::optional<TimePoint> upgrade_began_;
  std::optional<TimePoint> closed_at_;
  std::size_t delivered_ = 0;
  std::size_t plain_lost_ = 0;
  int upgrades_ = 0;
  int upgrades_told_ = 0;
  bool ever_ready_ = false;
  bool failed_in_send_ = false;
  bool send_ended_ = false;
  bool ended_in_form_ = false;
  bool muted_ = false;
  bool ever_muted_ = false;
  bool told_throttled_ = false;
  bool told_end_ = false;
  bool gone_ = false;
  bool dial_over_ = false;
};

}  // namespace spillway::simulation
