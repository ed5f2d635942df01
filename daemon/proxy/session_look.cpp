// A session as the admin address shows it.
#include "daemon/proxy/session.hpp"

#include <algorithm>

namespace spillway::proxy {

namespace {

bool is_slow(const overflow::Pipe& pipe, const config::Route& route) {
  const bool up = pipe.direction() == observe::Direction::to_upstream;
  const Duration throttled = pipe.throttled_for();
  return throttled > Duration::zero() &&
         throttled >= (up ? route.to_upstream : route.to_client).slow_after;
}

observe::Trouble trouble_of(const overflow::Pipe& pipe, const config::Route& route) {
  return {.slow = is_slow(pipe, route),
          .throttled = pipe.throttled_for(),
          .queued_bytes = pipe.queued_bytes()};
}

}  // namespace

observe::Trouble Session::trouble() {
  const auto down = trouble_of(to_client(), config());
  if (&from_client() == &to_client()) return down;
  const auto up = trouble_of(from_client(), config());
  observe::Trouble both = std::max(up, down);
  both.queued_bytes = up.queued_bytes + down.queued_bytes;
  return both;
}

observe::LiveConnection Session::look() {
  observe::ConnectionRecord told;
  describe(told);
  const TlsSession tls = tls_ != nullptr ? tls_->session() : TlsSession();
  const TimePoint now = context().scheduler.now();
  observe::LiveConnection live{.id = id_,
                               .route = config().name,
                               .listen = entrance_->listen,
                               .client = client_.peer_address(),
                               .upstream = told.upstream,
                               .phase = phase_name(),
                               .server_name = tls.server_name,
                               .tls_version = tls.version,
                               .cipher = tls.cipher,
                               .resumed = tls.resumed,
                               .client_subject = tls.peer_subject,
                               .age = now - opened_,
                               .idle = now - std::max(opened_, activity().last_progress),
                               .has_upstream = config().upstream.has_value(),
                               .to_upstream = {},
                               .to_client = look_at(to_client(), told.down),
                               .trouble = trouble()};
  if (live.has_upstream) live.to_upstream = look_at(from_client(), told.up);
  return live;
}

observe::LiveFlow Session::look_at(overflow::Pipe& pipe,
                                   const observe::FlowFigures& figures) const {
  const observe::FlowCounters& counters = figures.counters;
  return {.bytes_in = counters.bytes_in,
          .bytes_out = counters.bytes_out,
          .queued_bytes = pipe.queued_bytes(),
          .queued_messages = pipe.queued_messages(),
          .queue_peak = figures.queue_peak,
          .dropped_messages = counters.dropped_messages(),
          .dropped_bytes = counters.dropped_bytes(),
          .pauses = counters.pauses,
          .throttled = pipe.throttled_for(),
          .slow = is_slow(pipe, config())};
}

std::string_view Session::phase_name() const {
  if (has_ended()) return "closing";
  switch (phase_) {
    case Phase::handshake:
      return "handshake";
    case Phase::connect:
      return "connect";
    case Phase::data:
      break;
  }
  return "data";
}

}  // namespace spillway::proxy
