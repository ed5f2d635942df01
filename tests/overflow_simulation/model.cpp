#include "tests/overflow_simulation/model.hpp"

#include "daemon/overflow/stride.hpp"
#include "tests/overflow_simulation/held_messages.hpp"
#include "tests/overflow_simulation/held_stream.hpp"

#include <algorithm>
#include <chrono>
#include <utility>

namespace spillway::overflow_simulation {

namespace {

std::unique_ptr<Held> held_by(const Setting& setting, Verdict& verdict) {
  if (config::drops(setting.overflow.policy)) {
    return std::make_unique<HeldMessages>(setting, verdict);
  }
  return std::make_unique<HeldStream>(setting, verdict);
}

}  // namespace

Model::Model(const Setting& setting, const Clock& clock, Verdict& verdict)
    : setting_(setting),
      clock_(clock),
      verdict_(verdict),
      reader_(setting.framing, setting.max_message),
      held_(held_by(setting, verdict)),
      throttle_(setting.overflow, clock, verdict) {}

void Model::received(Bytes data, const Observation& seen) {
  require(!is_paused() && !source_ended_, "nothing is received while the source is paused");
  const std::size_t before = reader_.stream().size();
  last_read_ = data.size();
  expected_.bytes_in += data.size();
  if (is_over()) return finish_step(seen);
  expire(seen);
  const bool waited = held_->sendable() > 0;
  const std::vector<std::size_t> ends = reader_.read(as_text(data));
  expected_.messages_in += ends.size();
  expected_failure_ = bad_message();
  const std::size_t arrived = before + data.size();
  held_->arrive(expected_failure_ ? sendable_before_bad(before, arrived) : arrived, ends,
                clock_.now());
  const bool tried = !waited && held_->sendable() > 0;
  judge(tried, seen);
}

// What is the sink's, and then what is the policy's.
void Model::judge(bool tried, const Observation& seen) {
  if (seen.figures.counters.refused_not_connected > 0) {
    life_ = Life::deaf;
    expected_failure_ = failure_;
    throttle_.forget();
    return finish_step(seen);
  }
  take(seen);
  follow_throttle(tried, seen);
  if (!expected_failure_) decide(seen);
  finish_step(seen);
}

// Of a message that is known to be bad nothing more is sent. A read that goes out in several sends
// is looked at piece by piece.
std::size_t Model::sendable_before_bad(std::size_t before, std::size_t arrived) const {
  const bool in_one_send = arrived - before <= overflow::Stride::cautious;
  const bool passes_parts = !config::drops(setting_.overflow.policy);
  return passes_parts && !in_one_send ? arrived : std::max(before, reader_.begin());
}

std::optional<PipeFailure> Model::bad_message() const {
  if (!reader_.bad()) return std::nullopt;
  return *reader_.bad() == NaiveReader::Bad::too_big ? PipeFailure::message_too_big
                                                     : PipeFailure::bad_length;
}

// When a pipe looks at ages is its own affair; which messages go then is not.
void Model::expire(const Observation& seen) {
  const auto& now = seen.figures.counters.dropped_by_age;
  const auto& then = before_.figures.counters.dropped_by_age;
  held_->expire({now.messages - then.messages, now.bytes - then.bytes}, clock_.now());
  expected_.dropped_by_age = now;
}

void Model::take(const Observation& seen) {
  const std::size_t from = passed_.size();
  const Held::Taken taken = held_->take(seen.accepted - before_.accepted, clock_.now());
  for (const Range& range : taken.ranges) {
    passed_.add(as_bytes(reader_.stream()).subspan(range.begin, range.size()));
  }
  for (const std::size_t end : taken.ends) passed_.add_end(from + end);
}

void Model::follow_throttle(bool tried, const Observation& seen) {
  const bool sent = seen.accepted > before_.accepted;
  if (sent) throttle_.end();
  if (!started_ || throttle_.on()) return;
  // Also when it is a layer's own bytes that wait, and when it is the last send.
  const bool refuses = seen.sink_open && !seen.sink_writeable;
  if ((tried && refuses) || (sent && seen.sink_pending > 0)) throttle_.begin(dropped());
}

void Model::decide(const Observation& seen) {
  resume_when_low();
  const Held::Decision decision = held_->decide(clock_.now());
  if (decision.failure) expected_failure_ = decision.failure;
  expected_.dropped_by_policy.messages += decision.dropped.messages;
  expected_.dropped_by_policy.bytes += decision.dropped.bytes;
  follow_pause(decision.pauses);
  // A long queue is sent in several turns.
  if (expected_failure_ || setting_.large || !started_ || !seen.sink_open) return;
  require(!seen.sink_writeable || held_->bytes() == 0,
          "nothing waits for a sink that is writeable");
}

void Model::follow_pause(bool pauses) {
  if (!pauses || is_paused()) return;
  paused_since_ = clock_.now();
  ++expected_.pauses;
}

void Model::resume_when_low() {
  if (!is_paused() || !held_->is_low()) return;
  paused_ += clock_.now() - *std::exchange(paused_since_, std::nullopt);
  ++expected_.resumes;
}

void Model::source_ended(const Observation& seen) {
  require(!is_paused(), "the end is not told while the source is paused");
  source_ended_ = true;
  if (is_over()) return finish_step(seen);
  if (reader_.in_message()) {
    ++expected_.messages_in;
    if (config::drops(setting_.overflow.policy)) {
      expected_.dropped_partial = held_->end_partial();
    } else {
      passed_.set_last_end(expected_.bytes_in);
    }
  }
  finish_step(seen);
}

void Model::sink_started(const Observation& seen) {
  started_ = true;
  drained(seen);
}

void Model::unthrottled(const Observation& seen) {
  throttle_.end();
  drained(seen);
}

void Model::catch_up(const Observation& seen) {
  if (seen.accepted > before_.accepted) drained(seen);
}

void Model::drained(const Observation& seen) {
  if (is_over()) return finish_step(seen);
  expire(seen);
  const bool tried = held_->sendable() > 0;
  judge(tried, seen);
}

void Model::sent(const Observation& seen) {
  if (seen.finished && life_ == Life::live) throttle_.end();
  finish_step(seen);
}

void Model::abandoned() {
  if (is_paused()) paused_ += clock_.now() - *paused_since_;
  paused_since_.reset();
  throttle_.forget();
  life_ = Life::abandoned;
}

void Model::settled(const Observation& seen) {
  if (is_paused()) paused_ += clock_.now() - *std::exchange(paused_since_, clock_.now());
  finish_step(seen);
}

void Model::told_slow() {
  require(life_ == Life::live, "a pipe that is over tells nothing");
  throttle_.told_slow();
}

void Model::told_recovered(const overflow::SlowEpisode& episode, Throttle::Dropped dropped_now) {
  require(life_ == Life::live, "a pipe that is over tells nothing");
  throttle_.told_recovered(episode, dropped_now);
}

void Model::told_failed(PipeFailure failure) {
  require(!failure_, "a pipe fails once");
  require(life_ != Life::abandoned && !before_.finished, "a pipe that is over does not fail");
  failure_ = failure;
  if (failure != PipeFailure::stalled) return;
  expected_failure_ = failure;
  throttle_.told_stalled();
}

FlowCounters::Dropped Model::dropped() const {
  return {expected_.dropped_messages(), expected_.dropped_bytes()};
}

}  // namespace spillway::overflow_simulation
