#include "daemon/overflow/pipe.hpp"

#include "daemon/config/worst_case.hpp"

#include <algorithm>
#include <array>
#include <cassert>
#include <chrono>

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

Queue::Content content_of(config::OverflowPolicy policy) {
  return config::drops(policy) ? Queue::Content::whole_messages : Queue::Content::stream;
}

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

Pipe::Pipe(Surroundings surroundings, Ends ends, const config::Overflow& overflow)
    : scheduler_(surroundings.scheduler),
      framing_(surroundings.framing),
      direction_(surroundings.direction),
      overflow_(overflow),
      events_(surroundings.events),
      source_(ends.source),
      last_arrival_(scheduler_.now()),
      framer_(surroundings.framing),
      queue_(surroundings.chunks, surroundings.framing, content_of(overflow.policy),
             {.bytes = overflow.queue, .messages = overflow.queue_messages}),
      tally_(surroundings.metrics),
      outlet_({.scheduler = scheduler_,
               .sink = ends.sink,
               .tally = tally_,
               .send_latency = surroundings.send_latency,
               .events = *this},
              {.slow_after = overflow.slow_after, .stall_timeout = overflow.stall_timeout}),
      later_(scheduler_, [this] { drain(); }) {}

Pipe::~Pipe() { abandon(); }

void Pipe::on_received(Bytes data) {
  const TimePoint now = scheduler_.now();
  last_arrival_ = now;
  tally_.count([&data](auto& counters) { counters.bytes_in += data.size(); });
  if (!outlet_.has_future()) return;
  if (queue_.partial_bytes() > 0) data = finish_partial(data, now);
  // What waits goes first. While the sink does not take it, nothing is tried.
  if (queue_.empty() || outlet_.is_writeable()) data = transmit(data, now);
  if (!data.empty()) keeps_messages() ? hold_messages(data, now) : hold_stream(data, now);
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
  later_.cancel();
  outlet_.lose();
  queue_.clear();
  show_queue();
}

void Pipe::settle_figures() {
  show_queue();
  if (source_state_ != Source::paused) return;
  const auto paused =
      std::chrono::duration_cast<observe::FlowCounters::Paused>(scheduler_.now() - paused_since_);
  paused_since_ += paused;
  tally_.count([paused](auto& counters) { counters.paused += paused; });
}

TimePoint Pipe::look_for_progress() { return std::max(last_arrival_, outlet_.look_for_progress()); }

/// Sends what waits and, behind it, `fresh`, gathered into as few sends as the stride allows.
/// Returns what is left of `fresh`: refused, or part of a message that has not ended.
Bytes Pipe::transmit(Bytes fresh, TimePoint now) {
  // To be offered begins a message that is larger than one send may be, and what has begun is
  // dropped no more: so nothing that waits is offered to a sink that would refuse it.
  if (!queue_.empty() && !outlet_.is_writeable()) {
    outlet_.note_waiting();
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
    const std::size_t count = offer.queued.views.size() + (offer.fresh_bytes > 0 ? 1 : 0);
    if (!outlet_.send(BufferList(views).first(count), offer.bytes(), offer.messages())) break;
    note_accepted(offer, now);
    fresh = fresh.subspan(offer.fresh_bytes);
    from_queue += offer.queued.bytes;
    if (!outlet_.is_writeable()) break;
    if (from_queue >= most_in_a_row && !queue_.empty()) {
      later_.expires_at(now);
      break;
    }
  }
  return fresh;
}

Pipe::Offer Pipe::make_offer(Bytes fresh, std::span<Bytes> views) {
  const std::size_t most = outlet_.most();
  Offer offer{queue_.head(views.first(views.size() - 1), most), framer_};
  // Fresh bytes follow only behind all that waits.
  const bool is_next = offer.queued.bytes == queue_.bytes() && queue_.partial_bytes() == 0;
  const Bytes piece = fresh.first(is_next ? std::min(fresh.size(), most - offer.queued.bytes) : 0);
  if (piece.empty()) return offer;

  Framer after = framer_;
  const Framer::Scan scan = after.scan(piece);
  const bool is_cut = keeps_messages() || scan.verdict != Framer::Verdict::good;
  // Up to the last message that is whole, and good: perhaps there is none.
  if (is_cut && scan.messages == 0) return offer;
  if (is_cut) after.restart();
  offer.fresh_bytes = is_cut ? scan.size : piece.size();
  offer.fresh_messages = scan.messages;
  // A read that goes out in pieces is one message all the same.
  if (!framing_.has_messages() && piece.size() < fresh.size()) offer.fresh_messages = 0;
  offer.after = after;
  views[offer.queued.views.size()] = piece.first(offer.fresh_bytes);
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

void Pipe::note_accepted(const Offer& offer, TimePoint now) {
  auto& queue_latency = tally_.route().queue_latency;
  queue_.pop(offer.queued, [&queue_latency, now](TimePoint arrived, std::size_t messages) {
    queue_latency.record(now - arrived, messages);
  });
  if (offer.fresh_messages > 0) {
    queue_latency.record(Duration::zero(), offer.fresh_messages);
    count_in(offer.fresh_messages);
  }
  framer_ = offer.after;
  if (offer.fresh_bytes > 0) queue_.follow(framer_);
}

void Pipe::drain() {
  const TimePoint now = scheduler_.now();
  transmit({}, now);
  resume_when_low();
  end_sink_when_drained();
  show_queue();
}

void Pipe::end_sink_when_drained() {
  if (source_state_ != Source::ended || !outlet_.is_open() || !queue_.empty()) return;
  // The last message of a stream may have ended with it.
  if (framer_.in_message()) outlet_.count_message();
  outlet_.end();
}

void Pipe::on_throttled() {
  const observe::FlowCounters& counters = tally_.counters();
  // What the send took is still in the queue: its depth is noted when the call is done.
  episode_ = {.queue_peak = 0,
              .dropped_before = {counters.dropped_messages(), counters.dropped_bytes()}};
}

void Pipe::on_recovered(TimePoint since) {
  const observe::FlowCounters& counters = tally_.counters();
  const auto& before = episode_.dropped_before;
  events_.on_recovered(*this, {.duration = scheduler_.now() - since,
                               .queue_peak = episode_.queue_peak,
                               .dropped = {counters.dropped_messages() - before.messages,
                                           counters.dropped_bytes() - before.bytes}});
}

void Pipe::count_in(std::size_t messages) {
  tally_.count([messages](auto& counters) { counters.messages_in += messages; });
}

void Pipe::show_queue() {
  const std::size_t depth = queue_.bytes();
  tally_.note_depth(depth);
  episode_.queue_peak = std::max<std::uint64_t>(episode_.queue_peak, depth);
  tally_.show_queue(queued_bytes(), queued_messages());
}

}  // namespace spillway::overflow
