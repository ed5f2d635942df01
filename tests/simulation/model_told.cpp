// What the application may be told, and when.
#include "tests/simulation/model.hpp"

namespace spillway::simulation {

// Every callback: not after the last one, not to somebody who let go, the start first, and no
// completed send is overtaken (SC-14).
void Model::told_something(bool starts) {
  note_readiness();
  require(!gone_, "SC-25: nobody is told who let go");
  require(life_ != Life::over, "SC-23: nothing follows the last callback");
  if (!starts) require(life_ == Life::started, "SC-23: nothing comes before the start");
}

void Model::told_start() {
  told_something(true);
  require(life_ == Life::before_start, "the start comes once");
  require(ever_ready_, "SC-27: the start waits for every layer");
  life_ = Life::started;
}

void Model::told_failure(const Failure& failure) {
  told_something(true);
  require(life_ == Life::before_start, "SC-23: what started does not fail to start");
  require(over(), "SC-23: a failure is the end");
  require(causes().explain(failure.reason), "the failure names its reason");
  life_ = Life::over;
}

void Model::told_sent(SendToken token) {
  told_something(false);
  require(token.id() == sends_.count_reported() + 1, "SC-11: sends are told once and in order");
  require(token.id() <= sends_.count_completed(socket_.bytes_written()),
          "SC-11: a send is told when the system has it");
  sends_.reported();
}

void Model::told_throttled() {
  told_something(false);
  require(!told_throttled_, "SC-17: the throttle's events alternate");
  require(!is_open() || pending() > 0, "SC-17: a throttled connection has bytes pending");
  told_throttled_ = true;
}

void Model::told_unthrottled() {
  told_something(false);
  require(told_throttled_, "SC-17: the throttle's events alternate, throttled first");
  require(is_open() && pending() == 0, "SC-15: nothing is pending when the throttle ends");
  require(sends_.all_reported(), "SC-14: the send that ended the throttle is told before");
  told_throttled_ = false;
}

void Model::told_received(Bytes data, bool as_sent) {
  told_something(false);
  require(!data.empty(), "received bytes are never none");
  require(as_sent, "bytes are received as they were sent, in order, once");
  require(data.size() <= undelivered(), "nothing is received that was not read");
  require(!muted_, "SC-20: nothing is delivered while muted");
  require(!closed_at_ && !over(), "SC-25: nothing is received behind close()");
  require(!told_end_, "SC-24: nothing is received behind the end");
  require(sends_.count_completed(socket_.bytes_written()) == sends_.count_reported(),
          "SC-14: a completed send is told before what is received");
  delivered_ += data.size();
}

void Model::told_end() {
  told_something(false);
  require(input_over() && undelivered() == 0, "SC-24: the end comes behind all bytes");
  require(!told_end_, "SC-24: the end comes once");
  require(!muted_ && !closed_at_ && !over(), "SC-20, SC-25: no end while muted or behind close()");
  told_end_ = true;
}

void Model::told_tls_started() {
  told_something(false);
  require(++upgrades_told_ <= upgrades_ && layers_.ready(), "an upgrade is told when it is ready");
}

void Model::told_closed(const Closed& closed) {
  told_something(false);
  require(over(), "SC-23: on_closed comes when it is over");
  require(causes().explain(closed.reason), "on_closed names its reason");
  require(closed.last_sent_id == sends_.count_reported(), "SC-16: on_closed names the boundary");
  require(sends_.count_completed(socket_.bytes_written()) == sends_.count_reported(),
          "SC-16: what the system has is not reported as lost");
  // A send that meets the loss ends the connection at once (SC-26), whatever is still in hand.
  const bool application_took_part =
      closed_at_ || ever_muted_ || failed_in_send_ || !called_for_.none();
  require(application_took_part || !caused_from_below() || undelivered() == 0,
          "what came before a loss is received before it");
  life_ = Life::over;
}

}  // namespace spillway::simulation
