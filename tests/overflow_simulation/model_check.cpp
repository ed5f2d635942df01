// What has to be true after each call of a pipe.
#include "tests/overflow_simulation/model.hpp"

#include <algorithm>
#include <chrono>
#include <variant>

namespace spillway::overflow_simulation {

void Model::finish_step(const Observation& seen) {
  require(failure_ == expected_failure_, failure_ ? "a pipe fails only where its rules say so"
                                                  : "a pipe fails where its rules say so");
  if (life_ == Life::live && !failure_) {
    peak_ = std::max<std::uint64_t>(peak_, held_->bytes());
    throttle_.note_depth(held_->bytes());
  }
  check_always(seen);
  before_ = seen;
}

void Model::check(const Observation& seen, bool at_rest) {
  check_always(seen);
  if (at_rest && life_ == Life::live && !seen.sink_lost) check_at_rest(seen);
}

void Model::check_always(const Observation& seen) {
  check_conservation(seen);
  if (failure_ || life_ != Life::live) return;
  check_sent(seen);
  check_queue(seen);
  check_counters(seen);
}

// Sending is what the sink accepted and its system does not have: while the pipe lives, there is no
// byte that is neither.
void Model::check_conservation(const Observation& seen) {
  const FlowCounters& counters = seen.figures.counters;
  const std::size_t kept = counters.bytes_out + counters.dropped_bytes() + seen.queued_bytes;
  require(counters.bytes_in == expected_.bytes_in, "every byte received is counted");
  require(kept <= counters.bytes_in, "in = out + sending + queued + dropped");
  if (life_ != Life::live || failure_ || seen.sink_lost) return;
  const std::size_t sending = seen.accepted - counters.bytes_out;
  require(kept + sending == counters.bytes_in, "in = out + sending + queued + dropped");
}

void Model::check_sent(const Observation& seen) {
  const FlowCounters& counters = seen.figures.counters;
  require(counters.bytes_out <= seen.accepted, "nothing is counted as sent that was not accepted");
  const std::size_t messages = passed_.messages_within(counters.bytes_out);
  // What one read brought shows in no byte: it may be counted with the next one.
  const bool exact = config::has_messages(setting_.framing);
  require(exact ? counters.messages_out == messages : counters.messages_out <= messages,
          "messages are counted as sent with their last byte");
}

void Model::check_at_rest(const Observation& seen) {
  const FlowCounters& counters = seen.figures.counters;
  require(!started_ || !seen.sink_writeable || held_->bytes() == 0,
          "nothing waits for a sink that is writeable");
  if (seen.sink_pending > 0) return;
  require(counters.bytes_out == seen.accepted, "what the system has is counted as sent");
  require(
      held_->bytes() > 0 || counters.messages_out == passed_.messages_within(counters.bytes_out),
      "all messages are counted in the end");
  const bool ended = source_ended_ && started_ && held_->bytes() == 0;
  require(seen.finished == ended, "a pipe is finished when all is sent and its source has ended");
  require(!ended || !seen.sink_open, "the sink's sending side is ended behind the last byte");
}

void Model::check_queue(const Observation& seen) {
  const config::Overflow& overflow = setting_.overflow;
  require(seen.queued_bytes == held_->bytes() + held_->partial_bytes(), "the queue has its bytes");
  const bool exact = config::has_messages(setting_.framing);
  require(
      exact ? seen.queued_messages == held_->messages() : seen.queued_messages >= held_->messages(),
      "the queue has its messages");
  const bool pauses = overflow.policy == config::OverflowPolicy::pause;
  // Beside the read that found it full, what went out in part is kept whatever the limit is.
  const std::size_t begun = setting_.large && overflow.queue == 0 ? setting_.max_message : 0;
  require(held_->bytes() <= overflow.queue + (pauses ? last_read_ : begun),
          "the queue stays within its limit");
  require(pauses || overflow.queue_messages == 0 || held_->messages() <= overflow.queue_messages,
          "the queue stays within its limit of messages");
  require(held_->partial_bytes() <= setting_.max_message,
          "a partial message stays within its limit");
  require(seen.source_muted == is_paused(), "the source is muted while it is paused");
  require(seen.figures.queue_peak == peak_, "the highest depth is what it was");
}

void Model::check_counters(const Observation& seen) {
  const FlowCounters& counters = seen.figures.counters;
  require(counters.messages_in == expected_.messages_in, "every message is counted");
  require(counters.dropped_by_policy == expected_.dropped_by_policy,
          "the policy drops what it has to and no more");
  require(counters.dropped_by_age == expected_.dropped_by_age, "ages are looked at in a step");
  require(counters.dropped_partial == expected_.dropped_partial,
          "a partial last message is dropped by the policies that drop");
  require(counters.pauses == expected_.pauses, "pauses are counted");
  require(counters.resumes == expected_.resumes,
          "a paused source is resumed at the low mark and not above");
  require(counters.paused == std::chrono::duration_cast<FlowCounters::Paused>(paused_),
          "pauses are as long as they are");
  require(counters.slow_consumers == throttle_.episodes(), "slow episodes are counted");
}

}  // namespace spillway::overflow_simulation
