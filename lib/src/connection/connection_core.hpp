// What a Connection is behind its handle.
#pragma once

#include "connection/layer_stack.hpp"
#include "connection/pending_writes.hpp"
#include "connection/receiver.hpp"
#include "connection/send_ledger.hpp"

#include <spillway/connection.hpp>
#include <spillway/dial.hpp>
#include <spillway/scheduler.hpp>
#include <spillway/transport.hpp>

#include <boost/system/error_code.hpp>

#include <cstdint>
#include <memory>
#include <optional>
#include <string>
#include <variant>

namespace spillway {

/// Joins a transport, the layers and the application. It acts only when the transport is ready,
/// the application calls, or its deadline passes.
///
/// What happened and what the application was told are kept apart: `reconcile()` delivers, in one
/// fixed order, whatever the application has not been told yet, one callback at a time, until both
/// agree. That is the whole of the deferral (SC-13, SC-14): there is no queue of events that could
/// grow, go stale or be overtaken.
///
/// Phases and what ends them (docs/architecture.md has the table):
///   dialling -> starting -> open -> closing -> over
class ConnectionCore final : public Retired, private TransportObserver, private DialObserver {
 public:
  ConnectionCore(Scheduler& scheduler, Receiver receiver, Layers layers, ConnectionOptions options);
  ~ConnectionCore() override;

  void dial(std::unique_ptr<Dial> dial);
  void start(std::unique_ptr<Transport> transport);

  /// The handle is gone: nobody listens any more, and what is not over is aborted.
  void let_go() noexcept;
  Scheduler& scheduler() { return later_.scheduler(); }

  // The application's calls; see connection.hpp.
  SendResult send(BufferList buffers);
  [[nodiscard]] bool is_writeable() const;
  [[nodiscard]] std::size_t pending_bytes() const { return pending_.size(); }
  [[nodiscard]] std::size_t unacknowledged_bytes() const {
    return pending_.size() + (transport_ ? transport_->unacknowledged_bytes() : 0);
  }
  void mute();
  void unmute();
  [[nodiscard]] bool is_muted() const { return muted_; }
  void limit_reads(std::size_t bytes) { options_.read_limit = bytes; }
  void shutdown_send();
  void close();
  void hard_close();
  boost::system::result<void, StartTlsError> start_tls(std::unique_ptr<Interceptor> layer);
  [[nodiscard]] bool is_open() const;
  [[nodiscard]] const Transport* transport() const { return transport_.get(); }

 private:
  enum class Phase : std::uint8_t { dialling, starting, open, closing, over };

  /// The sending side: once the application ended it, pending bytes go first, then the layers'
  /// goodbye, then FIN. `lost`: nothing can be sent any more, and the end of the connection
  /// follows as soon as what came before is delivered.
  enum class Output : std::uint8_t { open, draining, saying_goodbye, ended, lost };

  /// `start_tls`: the layer on top is shaking hands, or ready and not yet told.
  enum class Upgrade : std::uint8_t { none, running, done };

  /// What the application was told; see reconcile().
  struct Told {
    bool start = false;
    bool throttled = false;
    bool end_of_stream = false;
  };

  using Ending = std::variant<Failure, Closed>;
  enum class Farewell { peaceful, abortive };

  // Events from below (connection_core.cpp).
  void on_ready(Readiness readiness) override;
  void on_dialled(std::unique_ptr<Transport> transport) override;
  void on_dial_failed(Failure failure) override;
  void meet(Readiness readiness);
  bool meet_output(Readiness readiness);
  void on_deadline();
  void time_out();

  template <class Begin>
  void shake_hands(Begin begin);

  // Receiving (receive.cpp).
  void receive();
  void incoming(Bytes wire);
  void input_ended();
  void deliver(Bytes data);
  void follow_layers();
  [[nodiscard]] bool wants_input() const;

  // Sending (transmit.cpp).
  boost::system::error_code transmit(BufferList wire, std::size_t size);
  boost::system::error_code drain();
  boost::system::error_code emit(Bytes protocol);
  void advance_output();
  void update_throttle();

  // Telling the application (reconcile.cpp).
  void announce();
  void catch_up();
  bool reconcile() noexcept;
  [[nodiscard]] bool knows_all() const;
  bool tell_next();
  bool tell_start();
  bool tell_input(ConnectionEvents& events);

  // Ending.
  void lose(const boost::system::error_code& error);
  void fail_layer();
  void finish(CloseReason reason, Farewell farewell, const boost::system::error_code& error = {},
              std::string detail = {});
  void end(Ending ending, Farewell farewell);

  void update_interest();
  StackOutput held_output(ByteBuffer& wire) { return {.plain = held_, .wire = wire}; }

  Receiver receiver_;
  ConnectionOptions options_;
  std::unique_ptr<Dial> dial_;
  std::unique_ptr<Transport> transport_;
  LayerStack layers_;
  PendingWrites pending_;
  SendLedger ledger_;
  ByteBuffer held_;                        // plain bytes that wait for the application
  std::unique_ptr<Ending> ending_;         // none before the phase `over`
  std::uint64_t sent_before_upgrade_ = 0;  // the last token id
  Timer deadline_;                         // handshake, then linger
  DeferredCall later_;
  Phase phase_ = Phase::dialling;
  Output output_ = Output::open;
  Upgrade upgrade_ = Upgrade::none;
  std::optional<Interest> interest_;  // none until the transport was told
  Told told_;
  bool muted_ = false;
  bool throttled_ = false;
  bool stream_ended_ = false;  // the transport's input
  bool input_ended_ = false;   // the application's input
  bool in_hand_ = false;       // the running step is about to deliver bytes
  bool in_turn_ = false;
};

}  // namespace spillway
