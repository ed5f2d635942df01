#include "daemon/observe/connection_log.hpp"

#include "daemon/observe/milliseconds.hpp"

#include <algorithm>

namespace spillway::observe {

namespace {

void add_session(Event& event, const ConnectionRecord& record) {
  event.with("conn", record.id)
      .with("route", record.route)
      .with("listen", record.listen)
      .with("client", record.client)
      .with("local", record.local)
      .with("upstream", record.upstream)
      .with("sni", record.tls.server_name)
      .with("alpn", record.tls.alpn)
      .with("tls_version", record.tls.version)
      .with("cipher", record.tls.cipher)
      .with("resumed", record.tls.resumed)
      .with("client_subject", record.tls.peer_subject)
      .with("handshake_ms", milliseconds(record.handshake))
      .with("connect_ms", milliseconds(record.connect))
      .with("duration_ms", milliseconds(record.duration));
}

void add_flow(Event& event, const FlowFigures& up, const FlowFigures& down) {
  FlowCounters both = up.counters;
  both += down.counters;
  event.with("bytes_up", up.counters.bytes_out)
      .with("bytes_down", down.counters.bytes_out)
      .with("messages_up", up.counters.messages_out)
      .with("messages_down", down.counters.messages_out)
      .with("pauses", both.pauses)
      .with("paused_ms", milliseconds(both.paused))
      .with("dropped_messages", both.dropped_messages())
      .with("dropped_bytes", both.dropped_bytes())
      .with("unsent_bytes", up.unsent() + down.unsent())
      .with("queue_peak", std::max(up.queue_peak, down.queue_peak));
}

Event describe(config::LogLevel level, std::string_view name, const ConnectionRecord& record) {
  Event event(level, name);
  event.reserve(32);
  add_session(event, record);
  add_flow(event, record.up, record.down);
  event.with("send_p50_us", record.send.p50_us)
      .with("send_p99_us", record.send.p99_us)
      .with("send_max_us", record.send.max_us);
  return event;
}

}  // namespace

Event live_connection(config::LogLevel level, const ConnectionRecord& record) {
  return describe(level, "connection", record);
}

Event connection_closed(config::LogLevel level, const ConnectionRecord& record) {
  Event event = describe(level, "connection_closed", record);
  event.with("end_by", record.end_by)
      .with("end_reason", record.end_reason)
      .with("end_code", record.end_code);
  return event;
}

}  // namespace spillway::observe
