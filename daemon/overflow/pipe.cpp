#include "daemon/overflow/pipe.hpp"

#include "daemon/overflow/growing.hpp"

#include <algorithm>
#include <array>
#include <cassert>
#include <utility>

namespace spillway::overflow {

namespace {

// Views of one gathered send: a full stride, its first and last chunk cut.
constexpr std::size_t gather_views = Stride::full / Chunk::size + 1;

}  // namespace

Pipe::Pipe(Surroundings surroundings, Ends ends, const config::Overflow& overflow)
    : scheduler_(surroundings.scheduler),
      send_latency_(surroundings.send_latency),
      source_(ends.source),
      sink_(ends.sink),
      queue_(surroundings.chunks, overflow.queue),
      last_progress_(scheduler_.now()) {}

void Pipe::on_received(Bytes message) {
  const TimePoint now = scheduler_.now();
  last_progress_ = now;
  figures_.bytes_in += message.size();
  ++figures_.messages_in;
  // What waits goes first: only an empty queue may be passed.
  const Bytes rest = queue_.empty() ? send_now(message, now) : message;
  if (!rest.empty()) hold(rest, now);
}

void Pipe::on_source_ended() {
  assert(source_state_ == Source::flowing);  // an end is not told while muted
  source_state_ = Source::ended;
  end_sink_when_drained();
}

void Pipe::on_sink_started() {
  assert(sink_state_ == Sink::starting);
  sink_state_ = Sink::open;
  drain();
}

void Pipe::on_sent() {
  assert(!sends_.empty());
  const Send& sent = sends_.front();
  last_progress_ = scheduler_.now();
  send_latency_.record(last_progress_ - sent.accepted);
  figures_.bytes_out += sent.bytes;
  figures_.messages_out += sent.messages;
  sends_.pop_front();
}

void Pipe::on_unthrottled() {
  if (sink_state_ == Sink::open) drain();
}

observe::FlowFigures Pipe::figures() const {
  observe::FlowFigures figures = figures_;
  if (source_state_ == Source::paused) figures.paused += scheduler_.now() - paused_since_;
  return figures;
}

TimePoint Pipe::look_for_progress() {
  const std::size_t pending = sink_.pending_bytes();
  if (pending < std::exchange(pending_at_look_, pending)) last_progress_ = scheduler_.now();
  return last_progress_;
}

/// Returns what the sink did not accept.
Bytes Pipe::send_now(Bytes message, TimePoint now) {
  while (sink_state_ == Sink::open && !message.empty()) {
    const Bytes piece = message.first(std::min(message.size(), stride_.limit()));
    const SendResult sent = sink_.send(piece);
    if (!sent) {
      note_refused(sent.error());
      break;
    }
    message = message.subspan(piece.size());
    note_accepted({now, piece.size(), message.empty() ? 1U : 0U});
  }
  return message;
}

/// Queues a message, or what is left of one. When it does not fit, the queue is full: with `pause`
/// the one message that is here already is kept all the same, and no other comes.
void Pipe::hold(Bytes rest, TimePoint now) {
  if (sink_state_ == Sink::lost || sink_state_ == Sink::ended) return;
  const bool full = !queue_.fits(rest.size());
  queue_.push(rest);
  figures_.queue_peak = std::max<std::uint64_t>(figures_.queue_peak, queue_.bytes());
  if (full) pause(now);
}

void Pipe::drain() {
  const TimePoint now = scheduler_.now();
  std::array<Bytes, gather_views> views;
  while (sink_state_ == Sink::open && !queue_.empty()) {
    const BufferList head = queue_.head(views, stride_.limit());
    const SendResult sent = sink_.send(head);
    if (!sent) {
      note_refused(sent.error());
      break;
    }
    std::size_t bytes = 0;
    for (const Bytes view : head) bytes += view.size();
    note_accepted({now, bytes, queue_.pop(bytes)});
  }
  resume_when_low(now);
  end_sink_when_drained();
}

void Pipe::note_accepted(Send send) {
  last_progress_ = send.accepted;
  push_growing(sends_, send);
  if (sink_.is_writeable()) {
    stride_.took_all(send.bytes);
  } else {
    stride_.left_some();
    pending_at_look_ = sink_.pending_bytes();
  }
}

/// NotReady and NotWriteable heal by themselves. NotConnected is permanent: the sink's `on_closed`
/// is on its way, and what is queued stays as unsent.
void Pipe::note_refused(SendError error) {
  if (error == SendError::NotConnected) sink_state_ = Sink::lost;
}

void Pipe::pause(TimePoint now) {
  if (source_state_ != Source::flowing) return;
  source_state_ = Source::paused;
  paused_since_ = now;
  ++figures_.pauses;
  source_.mute();
}

void Pipe::resume_when_low(TimePoint now) {
  if (source_state_ != Source::paused || !queue_.is_low()) return;
  source_state_ = Source::flowing;
  figures_.paused += now - paused_since_;
  source_.unmute();
}

void Pipe::end_sink_when_drained() {
  if (source_state_ != Source::ended || sink_state_ != Sink::open || !queue_.empty()) return;
  sink_state_ = Sink::ended;
  sink_.shutdown_send();
}

}  // namespace spillway::overflow
