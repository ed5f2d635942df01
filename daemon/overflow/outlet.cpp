#include "daemon/overflow/outlet.hpp"

#include <cassert>
#include <cstdint>
#include <limits>
#include <utility>

namespace spillway::overflow {

static_assert(Stride::full <= std::numeric_limits<std::uint32_t>::max());

Outlet::Throttling::Throttling(Outlet& outlet)
    : watch({.slow_after = outlet.lane_.overflow.slow_after,
             .stall_timeout = outlet.lane_.overflow.stall_timeout}),
      timer(outlet.lane_.scheduler, [&outlet] { outlet.on_timer(); }) {}

Outlet::~Outlet() { lose(); }

void Outlet::end() {
  assert(is_open());
  state_ = State::ended;
  sink_.shutdown_send();
  if (is_finished()) note_writeable();
}

void Outlet::lose() {
  state_ = State::lost;
  if (is_throttled()) --tally_.route().throttled;
  if (throttling_ && throttling_->watch.is_slow()) --tally_.route().slow;
  if (throttling_) let_go_of_throttling();
}

void Outlet::let_go_of_throttling() {
  throttling_->timer.cancel();
  lane_.scheduler.retire(std::move(throttling_));
}

bool Outlet::send(BufferList buffers, std::size_t bytes, std::size_t messages, TimePoint now) {
  const SendResult sent = sink_.send(buffers);
  if (!sent) {
    note_refused(sent.error(), now);
    return false;
  }
  sends_.push({now, static_cast<std::uint32_t>(bytes), static_cast<std::uint32_t>(messages)});
  note_writeable();
  const bool all = sink_.is_writeable();
  const auto unacknowledged = [this] { return sink_.unacknowledged_bytes(); };
  if (all ? stride_.took_all(bytes, unacknowledged) : stride_.left_some()) events_.on_stride();
  if (!all) {
    pending_at_look_ = static_cast<std::uint32_t>(sink_.pending_bytes());
    note_throttled(now);
  }
  return true;
}

void Outlet::note_waiting(TimePoint now) {
  if (is_open() && sink_.is_open() && !sink_.is_writeable()) note_throttled(now);
}

void Outlet::count_message() {
  if (!sends_.empty()) {
    ++sends_.last().messages;
  } else {
    tally_.count([](auto& counters) { ++counters.messages_out; });
  }
}

observe::LatencySample Outlet::on_sent(TimePoint now) {
  assert(!sends_.empty());
  const Send sent = sends_.pop();
  const observe::LatencySample latency = now - sent.accepted;
  tally_.route().send_latency.record(latency);
  tally_.count([&sent](auto& counters) {
    counters.bytes_out += sent.bytes;
    counters.messages_out += sent.messages;
  });
  // After the end the sink does not tell that it is writeable: nobody can write.
  if (is_finished()) note_writeable();
  return latency;
}

Duration Outlet::throttled_for() const {
  return is_throttled() ? lane_.scheduler.now() - throttling_->watch.since() : Duration::zero();
}

void Outlet::look_for_progress() {
  const auto pending = static_cast<std::uint32_t>(sink_.pending_bytes());
  if (pending < std::exchange(pending_at_look_, pending))
    events_.on_progress(lane_.scheduler.now());
  if (is_throttled()) ask_untaken();
}

/// NotReady and NotWriteable heal by themselves. NotConnected is permanent: the sink's `on_closed`
/// is on its way, and what waits stays unsent.
void Outlet::note_refused(SendError error, TimePoint now) {
  switch (error) {
    case SendError::NotConnected:
      tally_.count_trouble([](auto& counters) { ++counters.refused_not_connected; });
      return lose();
    case SendError::NotReady:
      tally_.count_trouble([](auto& counters) { ++counters.refused_not_ready; });
      return;
    case SendError::NotWriteable:
      tally_.count_trouble([](auto& counters) { ++counters.refused_not_writeable; });
      // Also when it is a layer's own bytes that wait.
      note_throttled(now);
  }
}

/// The timer is not touched again when the sink is writeable, as it is a moment later most of the
/// time: it finds out when it fires.
void Outlet::note_throttled(TimePoint now) {
  if (is_throttled()) return;
  Throttling& throttle = throttling();
  throttle.watch.throttled(now);
  throttle.untaken_at_look.reset();
  ++tally_.route().throttled;
  if (!throttle.timer.armed()) throttle.timer.expires_at(throttle.watch.next_look());
  events_.on_throttled();
}

void Outlet::end_throttling() {
  SinkWatch& watch = throttling_->watch;
  if (!watch.is_throttled()) return;
  const bool was_slow = watch.is_slow();
  const TimePoint since = watch.since();
  watch.writeable();
  pending_at_look_ = 0;
  --tally_.route().throttled;
  if (!was_slow) return;
  --tally_.route().slow;
  // It waits for a stall by now, which is too late to find out that the sink is slow again.
  let_go_of_throttling();
  events_.on_recovered(since);
}

std::size_t Outlet::ask_untaken() {
  const std::size_t untaken = sink_.unacknowledged_bytes();
  const auto before = std::exchange(throttling_->untaken_at_look, untaken);
  if (before && untaken < *before) events_.on_progress(lane_.scheduler.now());
  return untaken;
}

void Outlet::on_timer() {
  if (is_throttled()) return look();
  let_go_of_throttling();
  events_.on_turn();
}

void Outlet::look() {
  SinkWatch& watch = throttling_->watch;
  const SinkWatch::Finding finding = watch.look(lane_.scheduler.now(), ask_untaken());
  if (finding == SinkWatch::Finding::stalled) return events_.on_stalled();
  const TimePoint next = watch.next_look();
  if (next != TimePoint::max()) throttling_->timer.expires_at(next);
  if (finding != SinkWatch::Finding::slow) return;
  ++tally_.route().slow;
  tally_.count_trouble([](auto& counters) { ++counters.slow_consumers; });
  events_.on_slow();
}

}  // namespace spillway::overflow
