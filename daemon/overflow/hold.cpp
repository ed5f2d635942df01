// What the pipe does with bytes that the sink does not take: the policies.
#include "daemon/overflow/pipe.hpp"

#include <algorithm>

namespace spillway::overflow {

using config::OverflowPolicy;
using observe::FlowCounters;

/// Adds the rest of a message that began in an earlier read. Returns what comes behind it.
Bytes Pipe::finish_partial(Bytes data, TimePoint now) {
  const Framer::Scan scan = framer_.scan(data, 1);
  if (!check(scan.verdict)) return {};
  if (scan.messages == 0) {
    queue_.push_partial(data);
    return {};
  }
  const Bytes end = data.first(scan.size);
  // Nothing is in its way once what waits is gone, and then no limit is asked.
  if (outlet_.is_writeable()) transmit({}, now);
  if (outlet_.is_writeable()) {
    count_in(1);
    queue_.push_partial(end);
    queue_.complete_partial(now);
  } else {
    outlet_.note_waiting();
    hold_message(end, now);
  }
  return data.subspan(scan.size);
}

void Pipe::hold(Bytes rest, TimePoint now) {
  keeps_messages() ? hold_messages(rest, now) : hold_stream(rest, now);
}

/// With `pause` the read that found the queue full is kept all the same: it is here already.
void Pipe::hold_stream(Bytes rest, TimePoint now) {
  const Framer::Scan scan = framer_.scan(rest);
  if (!check(scan.verdict)) return;
  count_in(scan.messages);
  const bool fits = queue_.fits(rest.size(), scan.messages);
  if (!fits && overflow_.policy == OverflowPolicy::close) return fail(PipeFailure::slow_consumer);
  queue_.push(rest, scan.messages, now);
  if (!fits) pause(now);
}

void Pipe::hold_messages(Bytes rest, TimePoint now) {
  while (!rest.empty()) {
    const Framer::Scan scan = framer_.scan(rest, 1);
    if (!check(scan.verdict)) return;
    if (scan.messages == 0) return queue_.push_partial(rest);
    hold_message(rest.first(scan.size), now);
    rest = rest.subspan(scan.size);
  }
}

/// `end` completes a message: it is queued, or dropped before it costs a copy.
void Pipe::hold_message(Bytes end, TimePoint now) {
  count_in(1);
  drop_expired(now);
  const std::size_t size = queue_.partial_bytes() + end.size();
  if (make_room(size)) {
    queue_.push_partial(end);
    queue_.complete_partial(now);
  } else {
    queue_.drop_partial();
    count_dropped(&FlowCounters::dropped_by_policy, {1, size});
  }
}

bool Pipe::make_room(std::size_t size) {
  if (overflow_.policy == OverflowPolicy::drop_newest) {
    // Only arrivals fill it: whether it fell to the low mark meanwhile still shows now.
    full_ = (full_ && !queue_.is_low()) || !queue_.fits(size, 1);
    return !full_;
  }
  // Beside a message that has begun there may be no room, whatever is dropped: then nothing is.
  if (!queue_.could_fit(size)) return false;
  while (!queue_.fits(size, 1)) {
    count_dropped(&FlowCounters::dropped_by_policy, queue_.drop_first());
  }
  return true;
}

void Pipe::drop_expired(TimePoint now) {
  if (overflow_.max_age.count() == 0 || !queue_.can_drop()) return;
  count_dropped(&FlowCounters::dropped_by_age, queue_.drop_older_than(now - overflow_.max_age));
}

/// The source ended within a message. A stream passes it on as it is.
void Pipe::end_partial() {
  count_in(1);
  if (!keeps_messages()) return;
  count_dropped(&FlowCounters::dropped_partial, {1, queue_.drop_partial()});
  framer_.restart();
  show_queue();
}

void Pipe::pause(TimePoint now) {
  if (source_state_ != Source::flowing) return;
  source_state_ = Source::paused;
  paused_since_ = now;
  tally_.count([](auto& counters) { ++counters.pauses; });
  source_.mute();
}

void Pipe::resume_when_low() {
  if (source_state_ != Source::paused || !queue_.is_low() || !outlet_.has_future()) return;
  settle_figures();
  source_state_ = Source::flowing;
  tally_.count([](auto& counters) { ++counters.resumes; });
  source_.unmute();
}

void Pipe::fail(PipeFailure failure) {
  if (outlet_.is_over()) return;
  tally_.count([failure](auto& counters) {
    if (failure == PipeFailure::slow_consumer) ++counters.closed_slow_consumer;
    if (failure == PipeFailure::stalled) ++counters.closed_stalled;
    if (failure == PipeFailure::memory) ++counters.closed_memory;
  });
  events_.on_failed(*this, failure);
  abandon();
}

bool Pipe::check(Framer::Verdict verdict) {
  if (verdict == Framer::Verdict::too_big) fail(PipeFailure::message_too_big);
  if (verdict == Framer::Verdict::bad_length) fail(PipeFailure::bad_length);
  return verdict == Framer::Verdict::good;
}

void Pipe::count_dropped(FlowCounters::Dropped FlowCounters::*cause, Queue::Dropped dropped) {
  if (dropped.messages == 0) return;
  tally_.count([cause, dropped](auto& counters) {
    (counters.*cause).messages += dropped.messages;
    (counters.*cause).bytes += dropped.bytes;
  });
}

}  // namespace spillway::overflow
