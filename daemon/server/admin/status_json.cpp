#include "daemon/server/admin/status_json.hpp"

#include "daemon/config/words.hpp"
#include "daemon/server/admin/json_writer.hpp"
#include "daemon/server/admin/latency_buckets.hpp"
#include "daemon/server/admin/seconds.hpp"

#include <spillway/endpoint.hpp>
#include <spillway/version.hpp>

#include <chrono>
#include <string_view>
#include <utility>

namespace spillway::server::admin {

namespace {

using observe::FlowCounters;
using observe::FlowMetrics;
using observe::HandshakeCounters;
using observe::RouteMetrics;

void write_latency(JsonWriter& json, std::string_view name,
                   const observe::RouteLatencyHistogram& latency) {
  json.key(name).begin_object();
  json.field("count", latency.count())
      .field("sum_seconds", seconds_of_us(latency.sum_us()))
      .field("p50_seconds", seconds_of_us(latency.quantile_us(0.5)))
      .field("p99_seconds", seconds_of_us(latency.quantile_us(0.99)))
      .field("p999_seconds", seconds_of_us(latency.quantile_us(0.999)))
      .field("max_seconds", seconds_of_us(latency.max_us()));
  // Up to a bound and since the start: two answers tell what was between them.
  json.key("buckets").begin_array();
  for (const LatencyBucket& bucket : fine_buckets(latency)) {
    json.begin_array().value(bucket.bound_seconds).value(bucket.count).end_array();
  }
  json.end_array().end_object();
}

void write_counters(JsonWriter& json, const FlowCounters& counters) {
  json.field("bytes_in", counters.bytes_in)
      .field("bytes_out", counters.bytes_out)
      .field("messages_in", counters.messages_in)
      .field("messages_out", counters.messages_out)
      .field("dropped_messages", counters.dropped_messages())
      .field("dropped_bytes", counters.dropped_bytes())
      .field("unsent_bytes", counters.unsent_bytes)
      .field("pauses", counters.pauses)
      .field("paused_seconds", seconds(counters.paused))
      .field("slow_consumers", counters.slow_consumers)
      .field("closed_slow_consumer", counters.closed_slow_consumer)
      .field("closed_stalled", counters.closed_stalled)
      .field("closed_memory", counters.closed_memory);
}

void write_flow(JsonWriter& json, observe::Direction direction, const config::Overflow* overflow,
                const FlowMetrics& flow) {
  json.begin_object().field("direction", to_string(direction));
  if (overflow != nullptr) {
    json.field("policy", word_for(config::overflow_policies, overflow->policy))
        .field("queue_limit_bytes", overflow->queue);
  }
  json.field("throttled", flow.throttled)
      .field("slow", flow.slow)
      .field("queued_bytes", flow.queued_bytes)
      .field("queued_messages", flow.queued_messages)
      .field("sending_bytes", flow.sending_bytes())
      .field("queue_peak_bytes", flow.queue_peak);
  write_counters(json, flow.counters);
  write_latency(json, "send_latency", flow.send_latency);
  write_latency(json, "queue_latency", flow.queue_latency);
  json.end_object();
}

void write_handshakes(JsonWriter& json, const HandshakeCounters& counters) {
  json.key("handshakes").begin_object();
  json.field("tls_1_2_full", counters.tls_1_2.full)
      .field("tls_1_2_resumed", counters.tls_1_2.resumed)
      .field("tls_1_3_full", counters.tls_1_3.full)
      .field("tls_1_3_resumed", counters.tls_1_3.resumed)
      .field("failed", counters.failed)
      .field("timed_out", counters.timed_out)
      .field("unheard", counters.unheard);
  json.end_object();
}

void write_connect_failures(JsonWriter& json, const observe::ConnectFailures& failures) {
  json.key("connect_failures").begin_object();
  for (const FailureReason reason : observe::ConnectFailures::reasons) {
    json.field(to_string(reason), failures.of(reason));
  }
  json.end_object();
}

void write_certificates(JsonWriter& json, const proxy::Route& route) {
  json.key("certificates").begin_array();
  for (const CertificateInfo& certificate : route.tls->certificates()) {
    json.begin_object()
        .field("subject", certificate.subject)
        .field("not_after", seconds(certificate.not_after))
        .end_object();
  }
  json.end_array();
}

void write_upstream(JsonWriter& json, const config::Upstream& upstream) {
  json.key("upstream").begin_object().field("tls", upstream.tls.has_value());
  json.key("servers").begin_array();
  for (const Endpoint& server : upstream.servers) json.value(to_string(server));
  json.end_array().end_object();
}

void write_purpose(JsonWriter& json, const proxy::Route& route) {
  json.field("echo", route.config.echo).field("tls", route.tls.has_value());
  if (route.tls) write_certificates(json, route);
  if (route.config.upstream) write_upstream(json, *route.config.upstream);
  json.field("connection_limit", route.clients->most());
}

void write_route(JsonWriter& json, const std::string& name, const RouteMetrics& metrics,
                 const Standing& standing) {
  const proxy::Route* route = standing.route(name);
  const bool serves = route != nullptr && !standing.overview.draining;
  json.begin_object().field("name", name).field("state", serves ? "serving" : "draining");
  json.key("listen").begin_array();
  for (const ListeningAddress& each : standing.listening) {
    if (each.route == name && serves) json.value(each.address);
  }
  json.end_array();
  if (route != nullptr) write_purpose(json, *route);
  json.field("connections", metrics.sessions)
      .field("connections_opened", metrics.sessions_opened)
      .field("connections_refused", metrics.refused.by_process + metrics.refused.by_route);
  write_handshakes(json, metrics.handshakes);
  if (metrics.has_upstream) write_connect_failures(json, metrics.connect_failures);
  json.key("directions").begin_array();
  write_flow(json, observe::Direction::to_client,
             route != nullptr ? &route->config.to_client : nullptr, metrics.to_client);
  if (metrics.has_upstream) {
    write_flow(json, observe::Direction::to_upstream,
               route != nullptr ? &route->config.to_upstream : nullptr, metrics.to_upstream);
  }
  json.end_array().end_object();
}

void write_process(JsonWriter& json, const ProcessFigures& process) {
  json.key("process").begin_object();
  json.field("cpu_seconds", process.cpu_seconds)
      .field("resident_bytes", process.resident_bytes)
      .field("threads", process.threads)
      .field("open_descriptors", process.open_descriptors)
      .field("most_descriptors", process.most_descriptors);
  json.end_object();
}

void write_reload(JsonWriter& json, const ReloadStatus& reload) {
  json.key("reload").begin_object();
  json.field("loaded", seconds(reload.loaded))
      .field("succeeded", reload.succeeded)
      .field("failed", reload.failed);
  json.key("last");
  if (reload.last) {
    json.begin_object()
        .field("at", seconds(reload.last->at))
        .field("successful", reload.last->successful)
        .end_object();
  } else {
    json.null();
  }
  json.end_object();
}

std::uint64_t queued_bytes(const observe::MetricsTable& metrics) {
  std::uint64_t sum = 0;
  for (const auto& [name, route] : metrics) {
    sum += route.to_client.queued_bytes + route.to_upstream.queued_bytes;
  }
  return sum;
}

}  // namespace

std::string status_json(const Standing& standing) {
  const Overview& overview = standing.overview;
  const auto now =
      std::chrono::time_point_cast<std::chrono::milliseconds>(std::chrono::system_clock::now());
  JsonWriter json;
  json.begin_object()
      .field("state", overview.draining ? "draining" : "ready")
      .field("version", library_version())
      .field("time", seconds(now))
      .field("uptime_seconds", seconds(now - standing.process.started))
      .field("event_loops", standing.loops)
      .field("connections", overview.connections)
      .field("connection_limit", overview.connection_limit)
      .field("queued_bytes", queued_bytes(standing.metrics))
      .field("memory_limit_bytes", overview.memory_limit)
      .field("log_lines_lost", overview.lost_log_lines);
  json.key("build").begin_object();
  json.field("boost", boost_version()).field("openssl", tls_library_version()).end_object();
  write_process(json, standing.process);
  write_reload(json, overview.reload);
  json.key("routes").begin_array();
  for (const auto& [name, metrics] : standing.metrics) write_route(json, name, metrics, standing);
  json.end_array().end_object();
  return std::move(json).take();
}

}  // namespace spillway::server::admin
