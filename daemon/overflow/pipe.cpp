#include "daemon/overflow/pipe.hpp"

#include "daemon/config/worst_case.hpp"

#include <algorithm>
#include <array>
#include <cassert>

namespace spillway::overflow {

namespace {

// What `spillway check` says about memory is computed from these.
static_assert(Chunk::size == config::queue_chunk);
static_assert(Stride::full == config::largest_send);
static_assert(Stride::cautious == config::cautious_send);

// Views of one gathered send: a full stride of the queue, where a message that was begun and what
// is stored behind it each have a first and a last chunk that are cut, and one of fresh bytes.
constexpr std::size_t gather_views = Stride::full / Chunk::size + 4;

// What a sink takes of a large queue before other sessions have their turn.
constexpr std::size_t most_in_a_row = 1024 * 1024;

}  // namespace

std::string_view to_string(PipeFailure failure) {
  switch (failure) {
    case PipeFailure::slow_consumer:
      return "slow_consumer";
    case PipeFailure::stalled:
      return "stalled";
    case PipeFailure::memory:
      return "memory";
    case PipeFailure::message_too_big:
      return "message_too_big";
    case PipeFailure::bad_length:
      break;
  }
  return "bad_length";
}

Pipe::Pipe(const Lane& lane, PipeOwner& owner, Ends ends)
    : owner_(owner),
      source_(ends.source),
      framer_(lane.queue.framing),
      queue_(lane.queue),
      outlet_(lane, ends.sink, *this) {
  owner_.note_progress(scheduler().now());
}

Pipe::~Pipe() { abandon(); }

void Pipe::on_received(Bytes data) {
  const TimePoint now = scheduler().now();
  owner_.note_progress(now);
  tally().count([&data](auto& counters) { counters.bytes_in += data.size(); });
  if (!outlet_.has_future()) return;
  const bool waits = !queue_.unused();
  if (!waits && data.size() <= outlet_.most()) {
    data = pass_on(data, now);
  } else {
    if (queue_.partial_bytes() > 0) data = finish_partial(data, now);
    // What waits goes first. While the sink does not take it, nothing is tried.
    if (queue_.empty() || outlet_.is_writeable()) data = transmit(data, now);
  }
  if (!data.empty()) keeps_messages() ? hold_messages(data, now) : hold_stream(data, now);
  if (waits || !queue_.unused()) pace_source();
  show_queue();
}

void Pipe::on_source_ended() {
  assert(source_state_ == Source::flowing);  // an end is not told while muted
  source_state_ = Source::ended;
  if (framer_.in_message()) end_partial();
  end_sink_when_drained();
}

void Pipe::on_sink_started() {
  outlet_.open();
  drain();
}

void Pipe::on_unthrottled() {
  outlet_.on_unthrottled();
  drain();
}

void Pipe::abandon() {
  settle_figures();
  source_state_ = Source::ended;
  outlet_.lose();
  queue_.clear();
  show_queue();
}

void Pipe::settle_figures() {
  show_queue();
  if (source_state_ != Source::paused) return;
  tally().count_pause(scheduler().now());
}

TimePoint Pipe::look_for_progress() {
  outlet_.look_for_progress();
  return owner_.last_progress();
}

/// The everyday case: nothing waits, and one send takes all. Returns what is left as `transmit`.
Bytes Pipe::pass_on(Bytes data, TimePoint now) {
  if (!outlet_.is_open()) return data;
  const Fresh fresh = make_fresh(data);
  if (fresh.bytes == 0) return data;
  const Bytes piece = data.first(fresh.bytes);
  if (!outlet_.send(BufferList(&piece, 1), fresh.bytes, fresh.messages, now)) return data;
  note_accepted(fresh);
  return data.subspan(fresh.bytes);
}

/// Sends what waits and, behind it, `fresh`, gathered into as few sends as the stride allows.
/// Returns what is left of `fresh`: refused, or part of a message that has not ended.
Bytes Pipe::transmit(Bytes fresh, TimePoint now) {
  // To be offered begins a message that is larger than one send may be, and what has begun is
  // dropped no more: so nothing that waits is offered to a sink that would refuse it.
  if (!queue_.empty() && !outlet_.is_writeable()) {
    outlet_.note_waiting(now);
    return fresh;
  }
  std::array<Bytes, gather_views> views;
  std::size_t from_queue = 0;
  while (outlet_.is_open()) {
    drop_expired(now);
    const Offer offer = make_offer(fresh, views);
    if (offer.bytes() == 0) {
      if (begin_large(fresh, now)) continue;
      break;
    }
    const std::size_t count = offer.queued.views.size() + (offer.fresh.bytes > 0 ? 1 : 0);
    if (!outlet_.send(BufferList(views).first(count), offer.bytes(), offer.messages(), now)) break;
    note_accepted(offer, now);
    fresh = fresh.subspan(offer.fresh.bytes);
    from_queue += offer.queued.bytes;
    if (!outlet_.is_writeable()) break;
    if (from_queue >= most_in_a_row && !queue_.empty()) {
      outlet_.call_later(now);
      break;
    }
  }
  return fresh;
}

/// Of a stream all of `piece`; of messages, and before a bad one, up to the last that is whole.
Pipe::Fresh Pipe::make_fresh(Bytes piece) const {
  Fresh fresh{piece.size(), 0, framer_};
  const Framer::Scan scan = fresh.after.scan(piece);
  fresh.messages = scan.messages;
  if (!keeps_messages() && scan.verdict == Framer::Verdict::good) return fresh;
  if (scan.messages == 0) return {0, 0, framer_};
  fresh.bytes = scan.size;
  fresh.after.restart();
  return fresh;
}

Pipe::Offer Pipe::make_offer(Bytes fresh, std::span<Bytes> views) {
  const std::size_t most = outlet_.most();
  Offer offer{queue_.head(views.first(views.size() - 1), most), {0, 0, framer_}};
  // Fresh bytes follow only behind all that waits.
  const bool is_next = offer.queued.bytes == queue_.bytes() && queue_.partial_bytes() == 0;
  const Bytes piece = fresh.first(is_next ? std::min(fresh.size(), most - offer.queued.bytes) : 0);
  if (piece.empty()) return offer;

  offer.fresh = make_fresh(piece);
  // A read that goes out in pieces is one message all the same.
  if (!framing().has_messages() && piece.size() < fresh.size()) offer.fresh.messages = 0;
  views[offer.queued.views.size()] = piece.first(offer.fresh.bytes);
  return offer;
}

/// Nothing can be offered. Perhaps because a message is larger than one send may be: it is begun
/// then, and goes out in several; true if so.
bool Pipe::begin_large(Bytes& fresh, TimePoint now) {
  const bool is_next = queue_.empty() && queue_.partial_bytes() == 0;
  if (!keeps_messages() || !is_next || fresh.size() <= outlet_.most() || !outlet_.is_writeable()) {
    return false;
  }
  Framer framer = framer_;
  const Framer::Scan scan = framer.scan(fresh, 1);
  if (scan.messages == 0) return false;
  queue_.begin(fresh.first(scan.size), now);
  count_in(1);
  framer_ = framer;
  fresh = fresh.subspan(scan.size);
  return true;
}

void Pipe::note_accepted(const Fresh& fresh) {
  if (fresh.messages > 0) {
    tally().route().queue_latency.record(Duration::zero(), fresh.messages);
    count_in(fresh.messages);
  }
  framer_ = fresh.after;
}

void Pipe::note_accepted(const Offer& offer, TimePoint now) {
  owner_.note_progress(now);
  auto& queue_latency = tally().route().queue_latency;
  queue_.pop(offer.queued, [&queue_latency, now](TimePoint arrived, std::size_t messages) {
    queue_latency.record(now - arrived, messages);
  });
  if (offer.fresh.bytes > 0) note_accepted(offer.fresh);
}

void Pipe::drain() {
  const TimePoint now = scheduler().now();
  const bool waits = !queue_.unused();
  transmit({}, now);
  resume_when_low();
  if (waits) pace_source();
  end_sink_when_drained();
  show_queue();
}

void Pipe::end_sink_when_drained() {
  if (source_state_ != Source::ended || !outlet_.is_open() || !queue_.empty()) return;
  // The last message of a stream may have ended with it.
  if (framer_.in_message()) outlet_.count_message();
  outlet_.end();
}

void Pipe::on_recovered(TimePoint since) {
  const Tally::Episode episode = tally().episode();
  owner_.on_recovered(*this, {.duration = scheduler().now() - since,
                              .queue_peak = episode.queue_peak,
                              .dropped = episode.dropped});
}

void Pipe::count_in(std::size_t messages) {
  tally().count([messages](auto& counters) { counters.messages_in += messages; });
}

void Pipe::show_queue() {
  if (queue_.unused()) return tally().show_nothing();
  tally().note_depth(queue_.bytes());
  tally().show_queue(queued_bytes(), queued_messages());
}

}  // namespace spillway::overflow
