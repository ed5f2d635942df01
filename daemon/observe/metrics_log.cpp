#include "daemon/observe/metrics_log.hpp"

#include "daemon/observe/event.hpp"
#include "daemon/observe/milliseconds.hpp"

#include <cstdint>
#include <string>
#include <string_view>

namespace spillway::observe {

namespace {

using config::LogLevel;

/// What one direction did since the last line.
struct Interval {
  FlowCounters counters;
  RouteLatencyHistogram send_latency;
  RouteLatencyHistogram queue_latency;
};

Interval since(const FlowMetrics& before, const FlowMetrics& now) {
  Interval interval{now.counters, now.send_latency, now.queue_latency};
  const bool same_route = now.counters.continues(before.counters) &&
                          now.send_latency.continues(before.send_latency) &&
                          now.queue_latency.continues(before.queue_latency);
  // Another route has taken the name: all of it is new.
  if (!same_route) return interval;
  interval.counters -= before.counters;
  interval.send_latency -= before.send_latency;
  interval.queue_latency -= before.queue_latency;
  return interval;
}

bool is_idle(const Interval& interval, const FlowMetrics& now) {
  return interval.counters == FlowCounters{} && now.queued_bytes == 0 && now.queued_messages == 0 &&
         now.sending_bytes() == 0 && now.throttled == 0;
}

std::uint64_t closed(const FlowCounters& counters) {
  return counters.closed_slow_consumer + counters.closed_stalled + counters.closed_memory;
}

void add_interval(Event& event, const FlowCounters& interval) {
  event.with("bytes_in", interval.bytes_in)
      .with("bytes_out", interval.bytes_out)
      .with("messages_in", interval.messages_in)
      .with("messages_out", interval.messages_out)
      .with("dropped_messages", interval.dropped_messages())
      .with("dropped_bytes", interval.dropped_bytes())
      .with("dropped_by_policy", interval.dropped_by_policy.messages)
      .with("dropped_by_age", interval.dropped_by_age.messages)
      .with("dropped_partial", interval.dropped_partial.messages)
      .with("unsent_bytes", interval.unsent_bytes)
      .with("refused_not_writeable", interval.refused_not_writeable)
      .with("refused_not_ready", interval.refused_not_ready)
      .with("refused_not_connected", interval.refused_not_connected)
      .with("pauses", interval.pauses)
      .with("resumes", interval.resumes)
      .with("paused_ms", milliseconds(interval.paused))
      .with("slow_consumers", interval.slow_consumers)
      .with("closed_slow_consumer", interval.closed_slow_consumer)
      .with("closed_stalled", interval.closed_stalled)
      .with("closed_memory", interval.closed_memory);
}

void add_gauges(Event& event, const FlowMetrics& now) {
  event.with("queued_bytes", now.queued_bytes)
      .with("queued_messages", now.queued_messages)
      .with("sending_bytes", now.sending_bytes())
      .with("throttled", now.throttled)
      .with("slow", now.slow)
      .with("queue_peak", now.recent_queue_peak);
}

struct LatencyKeys {
  std::string_view p50;
  std::string_view p90;
  std::string_view p99;
  std::string_view p999;
  std::string_view max;
};

constexpr LatencyKeys send_keys = {"send_p50_us", "send_p90_us", "send_p99_us", "send_p999_us",
                                   "send_max_us"};
constexpr LatencyKeys queue_keys = {"queue_p50_us", "queue_p90_us", "queue_p99_us", "queue_p999_us",
                                    "queue_max_us"};

void add_latency(Event& event, const LatencyKeys& keys, const RouteLatencyHistogram& latency) {
  event.with(keys.p50, latency.quantile_us(0.5))
      .with(keys.p90, latency.quantile_us(0.9))
      .with(keys.p99, latency.quantile_us(0.99))
      .with(keys.p999, latency.quantile_us(0.999))
      .with(keys.max, latency.max_us());
}

void add_totals(Event& event, const FlowCounters& total) {
  event.with("total_bytes_in", total.bytes_in)
      .with("total_bytes_out", total.bytes_out)
      .with("total_messages_in", total.messages_in)
      .with("total_messages_out", total.messages_out)
      .with("total_dropped_messages", total.dropped_messages())
      .with("total_dropped_bytes", total.dropped_bytes())
      .with("total_unsent_bytes", total.unsent_bytes)
      .with("total_pauses", total.pauses)
      .with("total_slow_consumers", total.slow_consumers)
      .with("total_closed", closed(total));
}

struct Subject {
  const std::string& route;
  Direction direction;
  std::uint64_t sessions;
};

void write_unless_idle(Log& log, const Subject& subject, std::chrono::nanoseconds length,
                       const FlowMetrics& before, const FlowMetrics& now) {
  const Interval interval = since(before, now);
  if (is_idle(interval, now)) return;
  Event event(LogLevel::info, "metrics");
  event.reserve(64);
  event.with("route", subject.route)
      .with("direction", to_string(subject.direction))
      .with("interval_ms", milliseconds(length))
      .with("sessions", subject.sessions);
  add_interval(event, interval.counters);
  add_gauges(event, now);
  add_latency(event, send_keys, interval.send_latency);
  add_latency(event, queue_keys, interval.queue_latency);
  add_totals(event, now.counters);
  log.write(event);
}

}  // namespace

void MetricsLog::write(const MetricsTable& now, std::chrono::nanoseconds interval) {
  for (const auto& [name, route] : now) {
    const RouteMetrics& before = before_[name];
    write_unless_idle(log_, {name, Direction::to_client, route.sessions}, interval,
                      before.to_client, route.to_client);
    if (!route.has_upstream) continue;
    write_unless_idle(log_, {name, Direction::to_upstream, route.sessions}, interval,
                      before.to_upstream, route.to_upstream);
  }
  before_ = now;
}

}  // namespace spillway::observe
