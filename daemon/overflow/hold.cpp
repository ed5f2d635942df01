// What the pipe does with bytes that the sink does not take: the policies.
#include "daemon/overflow/pipe.hpp"

#include <algorithm>

namespace spillway::overflow {

using config::OverflowPolicy;
using observe::FlowCounters;

namespace {

// A full TLS record, or nearly.
constexpr std::size_t least_read = 16 * 1024;

}  // namespace

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
  if (outlet_.is_writeable() && queue_.empty()) {
    count_in(1);
    queue_.push_partial(end);
    queue_.complete_partial(now);
  } else {
    outlet_.note_waiting(now);
    hold_message(end, now);
  }
  return data.subspan(scan.size);
}

/// With `pause` the read that found the queue full is kept all the same: it is here already.
void Pipe::hold_stream(Bytes rest, TimePoint now) {
  const Framer begin = framer_;
  const Framer::Scan scan = framer_.scan(rest);
  if (!check(scan.verdict)) return;
  count_in(scan.messages);
  const bool fits = queue_.fits(rest.size(), scan.messages);
  if (!fits && overflow().policy == OverflowPolicy::close) return fail(PipeFailure::slow_consumer);
  queue_.push(rest, scan.messages, now, begin);
  if (!fits) pause(now);
}

void Pipe::hold_messages(Bytes rest, TimePoint now) {
  const Framer::Scan scan = framer_.scan(rest);
  count_in(scan.messages);
  drop_expired(now);
  if (scan.messages > 0) keep_what_fits(rest.first(scan.size), scan.messages, now);
  if (!check(scan.verdict)) return;
  if (scan.size < rest.size()) queue_.push_partial(rest.subspan(scan.size));
}

/// All at once, with the outcome that one after the other would have.
void Pipe::keep_what_fits(Bytes bytes, std::size_t messages, TimePoint now) {
  const WholeMessages dropped = overflow().policy == OverflowPolicy::drop_newest
                                    ? keep_oldest(bytes, messages, now)
                                    : keep_newest(bytes, messages, now);
  count_dropped(&FlowCounters::dropped_by_policy, dropped);
}

/// Returns what is dropped: from the first one that does not fit on, all of them; or that one
/// alone, where the queue is at the low mark all the same.
WholeMessages Pipe::keep_oldest(Bytes bytes, std::size_t messages, TimePoint now) {
  WholeMessages dropped;
  while (messages > 0) {
    full_ = full_ && !queue_.is_low();
    const WholeMessages room = full_ ? WholeMessages{} : queue_.room();
    const Bytes fitting = bytes.first(std::min(bytes.size(), room.bytes));
    Framer::Scan kept;
    if (!fitting.empty() && room.messages > 0) {
      kept = Framer(framing()).scan(fitting, room.messages);
    }
    if (kept.messages > 0) queue_.push(bytes.first(kept.size), kept.messages, now);
    full_ = full_ || kept.messages < messages;
    bytes = bytes.subspan(kept.size);
    messages -= kept.messages;
    if (messages == 0) break;

    const bool only_first = room.bytes > 0 && queue_.is_low();
    const WholeMessages gone = only_first ? WholeMessages{1, Framer(framing()).scan(bytes, 1).size}
                                          : WholeMessages{messages, bytes.size()};
    dropped = {dropped.messages + gone.messages, dropped.bytes + gone.bytes};
    bytes = bytes.subspan(gone.bytes);
    messages -= gone.messages;
  }
  return dropped;
}

/// Returns what is dropped: what waits longest, and then the first of those that arrive.
WholeMessages Pipe::keep_newest(Bytes bytes, std::size_t messages, TimePoint now) {
  if (queue_.begun_bytes() > 0) return keep_newest_beside_begun(bytes, now);
  const WholeMessages from_queue = queue_.drop_head(queue_.excess({messages, bytes.size()}));
  const WholeMessages first =
      fewest_messages(Framer(framing()), queue_.excess({messages, bytes.size()}), bytes.size(),
                      [bytes](std::size_t offset) { return bytes.subspan(offset); });
  if (first.messages < messages) {
    queue_.push(bytes.subspan(first.bytes), messages - first.messages, now);
  }
  return {from_queue.messages + first.messages, from_queue.bytes + first.bytes};
}

/// One by one: a message that does not fit beside the one that has begun is dropped alone, and not
/// all that came before it.
WholeMessages Pipe::keep_newest_beside_begun(Bytes bytes, TimePoint now) {
  WholeMessages dropped;
  Framer framer(framing());
  while (!bytes.empty()) {
    const std::size_t size = framer.scan(bytes, 1).size;
    WholeMessages gone{1, size};
    if (queue_.could_fit(size)) {
      gone = queue_.drop_head(queue_.excess({1, size}));
      queue_.push(bytes.first(size), 1, now);
    }
    dropped = {dropped.messages + gone.messages, dropped.bytes + gone.bytes};
    bytes = bytes.subspan(size);
  }
  return dropped;
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
  if (overflow().policy == OverflowPolicy::drop_newest) {
    // Only arrivals fill it: whether it fell to the low mark meanwhile still shows now.
    full_ = (full_ && !queue_.is_low()) || !queue_.fits(size, 1);
    return !full_;
  }
  // Beside a message that has begun there may be no room, whatever is dropped: then nothing is.
  if (!queue_.could_fit(size)) return false;
  count_dropped(&FlowCounters::dropped_by_policy, queue_.drop_head(queue_.excess({1, size})));
  return true;
}

void Pipe::drop_expired(TimePoint now) {
  if (overflow().max_age.count() == 0 || !queue_.can_drop()) return;
  count_dropped(&FlowCounters::dropped_by_age, queue_.drop_older_than(now - overflow().max_age));
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
  tally().begin_pause(now);
  source_.mute();
}

void Pipe::resume_when_low() {
  if (source_state_ != Source::paused || !queue_.is_low() || !outlet_.has_future()) return;
  settle_figures();
  source_state_ = Source::flowing;
  tally().count_trouble([](auto& counters) { ++counters.resumes; });
  source_.unmute();
}

/// What the sink would not get in one send need not be read at once: it would only wait here. With
/// `pause` nor need what the queue has no room for, as long as reads do not become too small.
void Pipe::pace_source() {
  std::size_t most = outlet_.most();
  if (overflow().policy == OverflowPolicy::pause && !queue_.unused()) {
    most = std::min(most, std::max(queue_.room().bytes, least_read));
  }
  source_.limit_reads(most);
}

void Pipe::fail(PipeFailure failure) {
  if (outlet_.is_over()) return;
  tally().count_trouble([failure](auto& counters) {
    if (failure == PipeFailure::slow_consumer) ++counters.closed_slow_consumer;
    if (failure == PipeFailure::stalled) ++counters.closed_stalled;
    if (failure == PipeFailure::memory) ++counters.closed_memory;
  });
  owner_.on_failed(*this, failure);
  abandon();
}

bool Pipe::check(Framer::Verdict verdict) {
  if (verdict == Framer::Verdict::too_big) fail(PipeFailure::message_too_big);
  if (verdict == Framer::Verdict::bad_length) fail(PipeFailure::bad_length);
  return verdict == Framer::Verdict::good;
}

void Pipe::count_dropped(FlowCounters::Dropped FlowCounters::*cause, WholeMessages dropped) {
  if (dropped.messages == 0) return;
  tally().count_trouble([cause, dropped](auto& counters) {
    (counters.*cause).messages += dropped.messages;
    (counters.*cause).bytes += dropped.bytes;
  });
}

}  // namespace spillway::overflow
