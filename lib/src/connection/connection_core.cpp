#include "connection/connection_core.hpp"

#include "base/loop_buffers.hpp"

#include <boost/system/errc.hpp>

#include <utility>

namespace spillway {

namespace {

namespace errc = boost::system::errc;

CloseReason close_reason(const boost::system::error_code& error) {
  if (error == errc::connection_reset || error == errc::broken_pipe ||
      error == errc::connection_aborted) {
    return CloseReason::reset;
  }
  if (error == errc::timed_out || error == errc::host_unreachable) return CloseReason::timed_out;
  return CloseReason::io_error;
}

FailureReason failure_reason(CloseReason reason) {
  switch (reason) {
    case CloseReason::reset:
      return FailureReason::reset;
    case CloseReason::truncated:
      return FailureReason::peer_ended;
    case CloseReason::layer_failed:
      return FailureReason::layer_failed;
    case CloseReason::timed_out:
      return FailureReason::handshake_timeout;
    case CloseReason::closed:
    case CloseReason::linger_timeout:
    case CloseReason::hard_closed:
      return FailureReason::cancelled;
    case CloseReason::io_error:
      break;
  }
  return FailureReason::io_error;
}

}  // namespace

ConnectionCore::ConnectionCore(Scheduler& scheduler, Receiver receiver, Layers layers,
                               ConnectionOptions options)
    : receiver_(receiver),
      options_(options),
      layers_(std::move(layers), scheduler.buffers()),
      deadline_(scheduler, [this] { on_deadline(); }),
      later_(scheduler, [this] { catch_up(); }) {}

ConnectionCore::~ConnectionCore() = default;

void ConnectionCore::dial(std::unique_ptr<Dial> dial) {
  dial_ = std::move(dial);
  dial_->start(*this);
}

void ConnectionCore::on_dialled(std::unique_ptr<Transport> transport) {
  if (phase_ != Phase::dialling) return;
  scheduler().retire(std::move(dial_));
  start(std::move(transport));
}

void ConnectionCore::on_dial_failed(Failure failure) {
  if (phase_ == Phase::dialling) end(std::move(failure), Farewell::peaceful);
}

void ConnectionCore::start(std::unique_ptr<Transport> transport) {
  phase_ = Phase::starting;
  transport_ = std::move(transport);
  transport_->attach(*this);
  shake_hands([this](StackOutput output) { layers_.set_up(output); });
}

// Lets layers begin, and acts on what comes of it at once.
template <class Begin>
void ConnectionCore::shake_hands(Begin begin) {
  const LoopBuffers::Lease wire(scheduler().buffers());
  begin(held_output(*wire));
  if (!layers_.empty() && options_.handshake_timeout > Duration::zero()) {
    deadline_.expires_after(options_.handshake_timeout);
  }
  const auto error = emit(wire->data());
  follow_layers();
  if (error) lose(error);
  update_interest();
  announce();
}

void ConnectionCore::let_go() noexcept {
  receiver_.detach();
  if (phase_ != Phase::over) {
    finish(CloseReason::hard_closed, Farewell::abortive);
  }
}

void ConnectionCore::on_ready(Readiness readiness) {
  if (phase_ == Phase::over || in_turn_) return;
  in_turn_ = true;
  if (reconcile()) meet(readiness);
  reconcile();
  // Last: what the application did inside its callbacks changes what is waited for (SC-19).
  update_interest();
  in_turn_ = false;
}

// What the transport is ready for. It is told again, so nothing is lost where this stops early.
void ConnectionCore::meet(Readiness readiness) {
  // Most of the time it is readable and nothing else.
  if ((readiness.writeable || readiness.failed) && !meet_output(readiness)) return;
  if (readiness.readable && wants_input()) receive();
}

// False when reading has to wait for another turn.
bool ConnectionCore::meet_output(Readiness readiness) {
  const bool reads = readiness.readable && wants_input();
  if (readiness.failed && !reads && phase_ != Phase::over) {
    // Nobody reads (muted, or ended): the error would otherwise stay unseen.
    if (const auto error = transport_->take_error()) lose(error);
  }
  // What the peer sent before it broke the connection is read before a write meets the break.
  if (readiness.writeable && !(readiness.failed && reads) && phase_ != Phase::over) {
    if (const auto error = drain()) {
      output_ = Output::lost;
      if (reads) receive();
      lose(error);
    }
    return reconcile();
  }
  return true;
}

void ConnectionCore::on_deadline() {
  if (in_turn_) return;
  in_turn_ = true;
  reconcile();
  // What was told may have closed, and set another deadline.
  if (!deadline_.armed()) time_out();
  reconcile();
  update_interest();
  in_turn_ = false;
}

void ConnectionCore::time_out() {
  switch (phase_) {
    case Phase::starting:
      return end(Failure{.reason = FailureReason::handshake_timeout, .error = {}, .detail = {}},
                 Farewell::abortive);
    case Phase::open:
      return finish(CloseReason::timed_out, Farewell::abortive, {}, "handshake too slow");
    case Phase::closing:
      // With everything handed over the system may go on delivering; what it never took is lost,
      // and the peer must not take that for a clean end.
      return finish(CloseReason::linger_timeout,
                    pending_.empty() ? Farewell::peaceful : Farewell::abortive);
    case Phase::dialling:
    case Phase::over:
      return;
  }
}

bool ConnectionCore::is_open() const { return phase_ == Phase::open && output_ == Output::open; }

void ConnectionCore::mute() {
  muted_ = true;
  if (!in_turn_) update_interest();
}

void ConnectionCore::unmute() {
  muted_ = false;
  announce();
}

void ConnectionCore::shutdown_send() {
  if (!is_open()) {
    if (phase_ == Phase::dialling || phase_ == Phase::starting) close();
    return;
  }
  output_ = Output::draining;
  advance_output();
  update_interest();
}

void ConnectionCore::close() {
  if (phase_ == Phase::closing || phase_ == Phase::over) return;
  if (phase_ != Phase::open) return finish(CloseReason::closed, Farewell::abortive);
  phase_ = Phase::closing;
  held_.clear();
  deadline_.expires_after(options_.linger_timeout);
  if (output_ == Output::open) output_ = Output::draining;
  advance_output();
  update_interest();
}

void ConnectionCore::hard_close() {
  if (phase_ != Phase::over) finish(CloseReason::hard_closed, Farewell::abortive);
}

boost::system::result<void, StartTlsError> ConnectionCore::start_tls(
    std::unique_ptr<Interceptor> layer) {
  // `finished` is known before input_ended_ is: inside the delivery of the last bytes.
  const bool ended = input_ended_ || layers_.status() == LayerStatus::finished;
  if (!is_open() || ended) return StartTlsError::NotConnected;
  if (!layers_.ready() || upgrade_ != Upgrade::none) return StartTlsError::NotReady;
  if (!pending_.empty()) return StartTlsError::NotWriteable;
  if (!held_.empty() || in_hand_) return StartTlsError::UndeliveredBytes;

  upgrade_ = Upgrade::running;
  sent_before_upgrade_ = ledger_.last_issued();
  shake_hands(
      [&](StackOutput output) { layers_.push(std::move(layer), scheduler().buffers(), output); });
  return {};
}

void ConnectionCore::lose(const boost::system::error_code& error) {
  finish(close_reason(error), Farewell::peaceful, error);
}

// Peacefully: what the layer said last (an alert) is still to arrive. But half a send followed by a
// clean end would be a lie.
void ConnectionCore::fail_layer() {
  const auto reason = layers_.truncated() ? CloseReason::truncated : CloseReason::layer_failed;
  finish(reason, pending_.holds_send() ? Farewell::abortive : Farewell::peaceful, {},
         layers_.failure());
}

void ConnectionCore::finish(CloseReason reason, Farewell farewell,
                            const boost::system::error_code& error, std::string detail) {
  const bool had_started = phase_ == Phase::open || phase_ == Phase::closing;
  if (had_started) {
    end(Closed{.reason = reason, .error = error, .detail = std::move(detail)}, farewell);
  } else {
    end(Failure{.reason = failure_reason(reason), .error = error, .detail = std::move(detail)},
        farewell);
  }
}

void ConnectionCore::end(Ending ending, Farewell farewell) {
  if (phase_ == Phase::over) return;
  phase_ = Phase::over;
  ending_ = std::make_unique<Ending>(std::move(ending));
  if (dial_) scheduler().retire(std::move(dial_));
  deadline_.cancel();
  pending_.drop();
  held_.clear();
  layers_.tear_down();
  if (transport_) farewell == Farewell::abortive ? transport_->abort() : transport_->close();
  announce();
}

void ConnectionCore::update_interest() {
  if (phase_ == Phase::over || !transport_) return;
  const Interest wanted{.readable = wants_input(), .writeable = !pending_.empty()};
  if (wanted == interest_) return;
  interest_ = wanted;
  transport_->watch(wanted);
}

}  // namespace spillway
