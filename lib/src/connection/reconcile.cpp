// How a connection tells the application what happened.
#include "connection/connection_core.hpp"

#include <utility>

namespace spillway {

namespace {

// Callbacks of one connection before others get their turn.
constexpr int told_in_a_row = 64;

}  // namespace

// Inside the connection's own turn the running step reconciles when it is done; everywhere else
// it is left to a later turn, so that no callback runs inside a call of the application (SC-13).
void ConnectionCore::announce() {
  if (!in_turn_ && receiver_.events() != nullptr) later_.schedule();
}

// What announce() asked for.
void ConnectionCore::catch_up() {
  if (in_turn_) return;
  in_turn_ = true;
  reconcile();
  update_interest();
  in_turn_ = false;
}

// Returns whether everything is told: an application that sends again from each `on_sent` would
// otherwise keep the loop for itself as long as its peer keeps up. The rest comes in a later turn,
// and nothing overtakes it. A callback that throws ends the process: nobody above could make good
// what it left half done.
bool ConnectionCore::reconcile() noexcept {
  if (knows_all()) return true;
  for (int told = 0; told < told_in_a_row; ++told) {
    if (!tell_next()) return true;
  }
  later_.schedule();
  return false;
}

// What is so most of the times that somebody asks, in one look. If it is not so there may be
// something to tell: it may also wait for the application to unmute.
bool ConnectionCore::knows_all() const {
  return told_.start && upgrade_ != Upgrade::done && !ledger_.has_report() &&
         throttled_ == told_.throttled && held_.empty() && input_ended_ == told_.end_of_stream &&
         !ending_;
}

// Tells one thing that the application does not know yet, in the order of causes: a connection
// starts before anything else; an upgrade stands between the sends before it and those after; a
// completed send precedes the throttle that a later one caused and the end of the throttle that it
// was the cause of; what was received comes after both; the end comes last. Returns false when
// there is nothing to tell.
bool ConnectionCore::tell_next() {
  ConnectionEvents* const events = receiver_.events();
  if (events == nullptr) return false;
  if (!told_.start) return tell_start();
  if (upgrade_ == Upgrade::done && ledger_.last_reported() == sent_before_upgrade_) {
    upgrade_ = Upgrade::none;
    events->on_tls_started();
    return true;
  }
  if (ledger_.has_report()) {
    events->on_sent(ledger_.report());
    return true;
  }
  if (throttled_ && !told_.throttled) {
    told_.throttled = true;
    events->on_throttled();
    return true;
  }
  if (!throttled_ && told_.throttled && is_writeable()) {
    told_.throttled = false;
    events->on_unthrottled();
    return true;
  }
  if (phase_ == Phase::open) return tell_input(*events);
  if (auto* closed = std::get_if<Closed>(ending_.get())) {
    closed->last_sent_id = ledger_.last_reported();
    receiver_.detach();
    events->on_closed(*closed);
  }
  return false;
}

bool ConnectionCore::tell_start() {
  Receiver receiver = receiver_;
  if (const auto* failure = std::get_if<Failure>(ending_.get())) {
    receiver_.detach();
    receiver.failed_to_start(*failure);
    return false;
  }
  if (phase_ < Phase::open) return false;
  told_.start = true;
  receiver.started();
  return true;
}

bool ConnectionCore::tell_input(ConnectionEvents& events) {
  if (muted_) return false;
  if (!held_.empty()) {
    const ByteBuffer chunk = std::move(held_);
    events.on_received(chunk.data());
    return true;
  }
  if (input_ended_ && !told_.end_of_stream) {
    told_.end_of_stream = true;
    events.on_end_of_stream();
    return true;
  }
  return false;
}

}  // namespace spillway
