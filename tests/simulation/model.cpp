// What holds, what the application does, and what has to be true between steps.
#include "tests/simulation/model.hpp"

#include <algorithm>

namespace spillway::simulation {

namespace {

// Answers that a peer asks for and does not read; then it is not read from (SC-9).
constexpr std::size_t protocol_limit = 64 * 1024;

}  // namespace

Model::Model(const Socket& socket, LayerWatch& layers, const Clock& clock,
             const ConnectionOptions& options, Verdict& verdict)
    : socket_(socket), layers_(layers), clock_(clock), options_(options), verdict_(verdict) {}

bool Model::was_ready() const { return ever_ready_ || (socket_.attached() && layers_.ready()); }

void Model::note_readiness() { ever_ready_ = was_ready(); }

bool Model::is_open() const {
  return was_ready() && !send_ended_ && !over() && !gone_ && !in_vain();
}

std::optional<SendError> Model::refusal() const {
  const bool never = !socket_.attached() || over() || gone_ || send_ended_ || in_vain();
  if (never) return SendError::NotConnected;
  if (!layers_.ready()) return SendError::NotReady;
  if (pending() > 0) return SendError::NotWriteable;
  return std::nullopt;
}

std::optional<StartTlsError> Model::start_tls_refusal() const {
  if (!is_open() || input_over()) return StartTlsError::NotConnected;
  if (!layers_.ready() || upgrades_told_ < upgrades_) return StartTlsError::NotReady;
  if (pending() > 0) return StartTlsError::NotWriteable;
  if (undelivered() > 0) return StartTlsError::UndeliveredBytes;
  return std::nullopt;
}

std::size_t Model::pending() const {
  return over() || gone_ || socket_.fin() ? 0 : layers_.produced() - socket_.bytes_written();
}

std::size_t Model::pending_protocol() const {
  return over() || socket_.fin()
             ? 0
             : layers_.produced() - std::max(socket_.bytes_written(), sends_.wire_end());
}

void Model::dialled() { handshake_began_ = clock_.now(); }

void Model::dial_failed(FailureReason reason) {
  if (dial_over_) return;
  dial_over_ = true;
  called_for_.add({CloseReason::io_error, reason, false});
}

void Model::sent(std::size_t size, const SendResult& result, std::optional<SendError> refused) {
  if (refused) {
    require(!result && result.error() == *refused, "SC-2..SC-5: a refused send names the reason");
    return;
  }
  if (!result) {
    require(result.error() == SendError::NotConnected, "SC-10: what is writeable takes a send");
    require(in_vain(), "SC-26, SC-29: a writeable connection refuses only when it is lost");
    require(socket_.over(), "SC-26, SC-29: it is closed then");
    plain_lost_ = size;
    failed_in_send_ = true;
    return;
  }
  require(!in_vain() || size == 0, "SC-26, SC-29: a lost connection accepts nothing");
  require(result->id() == sends_.next_id(), "SC-6: tokens count from 1");
  if (layers_.empty()) layers_.sent_plain(size);
  sends_.accepted(layers_.produced(), sends_.plain_accepted() + size);
  require(pending() == 0 || socket_.write_blocked(),
          "SC-8: a send is written as far as the system takes it");
}

void Model::upgraded() {
  ++upgrades_;
  upgrade_began_ = clock_.now();
}

void Model::shut_down_send() {
  if (gone_ || over()) return;
  if (!was_ready()) return close();
  note_readiness();
  send_ended_ = true;
}

void Model::close() {
  if (gone_ || over() || closed_at_) return;
  if (!was_ready()) {
    called_for_.add({CloseReason::closed, FailureReason::cancelled, true});
    if (!socket_.attached()) dial_over_ = true;
    return;
  }
  note_readiness();
  send_ended_ = true;
  closed_at_ = clock_.now();
}

void Model::hard_close() {
  if (gone_ || over()) return;
  called_for_.add({CloseReason::hard_closed, FailureReason::cancelled, true});
  if (!socket_.attached()) dial_over_ = true;
}

void Model::fin() {
  require(send_ended_, "SC-21: FIN comes when the application ends its side");
  require(layers_.produced() == socket_.bytes_written(), "SC-21: FIN comes behind everything");
  require(layers_.said_goodbye(), "SC-21: FIN comes behind the goodbyes");
  ended_in_form_ = layers_.all_said_goodbye();
}

void Model::let_go() {
  hard_close();
  gone_ = true;
}

std::optional<Cause> Model::deadline_cause() const {
  auto passed = [this](TimePoint since, Duration limit) {
    return limit > Duration::zero() && clock_.now() - since >= limit;
  };
  if (closed_at_) {
    if (!passed(*closed_at_, options_.linger_timeout)) return std::nullopt;
    const bool all_written = socket_.fin() || layers_.produced() == socket_.bytes_written();
    return Cause{CloseReason::linger_timeout, FailureReason::cancelled, !all_written};
  }
  if (!was_ready() && socket_.attached() && !layers_.empty() &&
      passed(handshake_began_, options_.handshake_timeout)) {
    return Cause{CloseReason::timed_out, FailureReason::handshake_timeout, true};
  }
  if (upgrade_began_ && !layers_.ready() && passed(*upgrade_began_, options_.handshake_timeout)) {
    return Cause{CloseReason::timed_out, FailureReason::handshake_timeout, true};
  }
  return std::nullopt;
}

bool Model::caused_from_below() const { return socket_.told_error() || layers_.failed(); }

// Half a send followed by a clean end would be a lie. Of the send that the layer failed in only the
// connection knows whether it was written by half.
void Model::add_failed_layer(Causes& all) const {
  Cause cause{CloseReason::layer_failed, FailureReason::layer_failed, false};
  if (layers_.truncated()) cause = {CloseReason::truncated, FailureReason::peer_ended, false};
  cause.aborts = socket_.bytes_written() < sends_.wire_end();
  all.add(cause);
  cause.aborts = true;
  if (failed_in_send_) all.add(cause);
}

Causes Model::causes() const {
  Causes all = called_for_;
  if (socket_.told_error()) all.add(cause_of(*socket_.told_error()));
  if (layers_.failed()) add_failed_layer(all);
  if (closed_at_ && socket_.fin() && input_over()) {
    all.add({CloseReason::closed, FailureReason::cancelled, false});
  }
  if (const auto cause = deadline_cause()) all.add(*cause);
  return all;
}

void Model::check(const Connection& connection, bool at_rest) {
  note_readiness();
  check_answers(connection);
  const Causes why = causes();
  if (socket_.attached())
    require(over() == !why.none(),
            over() ? "a connection ends for a reason" : "what ends a connection ends it");
  if (socket_.over()) {
    require(why.allow(socket_.aborted()), "SC-22: what is dropped is reset, the rest is not");
    require(layers_.all_torn_down(), "SC-27: the end tears every layer down");
  } else if (socket_.attached()) {
    check_alive();
  }
  if (at_rest && !gone_) check_told();
  if (at_rest && socket_.attached() && !over()) check_interest();
}

void Model::check_answers(const Connection& connection) {
  if (gone_) return;
  require(connection.is_open() == is_open(), "is_open() tells the state");
  require(connection.is_writeable() == is_writeable(),
          "SC-10: is_writeable() is what a send would meet");
  require(connection.is_muted() == muted_, "is_muted() tells the state");
  if (!socket_.told_error()) {
    require(connection.pending_bytes() == pending(),
            "SC-9: pending is what was accepted or emitted and not taken");
  }
}

void Model::check_alive() {
  require(!send_ended_ || pending() > 0 || socket_.fin(), "SC-21: an ended side sends its FIN");
}

// At rest the application knows everything that it is to know.
void Model::check_told() {
  if (over()) return require(told_last(), "SC-23: the application hears of the end");
  if (!was_ready()) return;
  require(life_ == Life::started, "SC-27: the application hears of the start");
  require(sends_.count_completed(socket_.bytes_written()) == sends_.count_reported(),
          "SC-11: a completed send is told");
  // While an upgrade shakes hands no send is accepted: the end of a throttle is told behind it.
  if (is_open() && (layers_.ready() || pending() > 0)) {
    require(told_throttled_ == (pending() > 0), "SC-17: the application knows the throttle");
  }
  if (closed_at_) return;
  require(upgrades_told_ == (layers_.ready() ? upgrades_ : upgrades_ - 1),
          "a ready upgrade is told");
  if (muted_) return;
  require(undelivered() == 0, "SC-19: what was read is delivered");
  require(told_end_ == input_over(), "SC-24: the end of the stream is told");
}

void Model::check_interest() {
  const Interest interest = socket_.interest();
  require(interest.writeable == (pending() > 0), "SC-19: pending bytes wait for the socket");
  const bool hungry = closed_at_ || !layers_.ready() || !muted_;
  const bool flooded = !closed_at_ && pending_protocol() > protocol_limit;
  require(interest.readable == (!input_over() && hungry && !flooded),
          "SC-19, SC-20: who may read waits for it");
}

}  // namespace spillway::simulation
