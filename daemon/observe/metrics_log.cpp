#include "daemon/observe/metrics_log.hpp"

#include "daemon/observe/event.hpp"
#include "daemon/observe/milliseconds.hpp"

#include <array>
#include <cstdint>
#include <functional>
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
  interval.counters -= before.counters;
  interval.send_latency -= before.send_latency;
  interval.queue_latency -= before.queue_latency;
  return interval;
}

bool is_idle(const Interval& interval, const FlowMetrics& now) {
  return interval.counters == FlowCounters{} && now.queued_bytes == 0 && now.queued_messages == 0 &&
         now.sending_bytes() == 0 && now.throttled == 0;
}

template <auto member>
std::uint64_t count(const FlowCounters& counters) {
  return std::invoke(member, counters);
}

template <FlowCounters::Dropped FlowCounters::*kind>
std::uint64_t messages(const FlowCounters& counters) {
  return (counters.*kind).messages;
}

std::uint64_t paused_ms(const FlowCounters& counters) {
  return static_cast<std::uint64_t>(milliseconds(counters.paused));
}

/// What a line says twice: of its interval, and since the start.
struct Counter {
  std::string_view key;
  std::string_view total_key;
  std::uint64_t (*read)(const FlowCounters&);
};

constexpr auto line_counters = std::to_array<Counter>({
    {"bytes_in", "total_bytes_in", count<&FlowCounters::bytes_in>},
    {"bytes_out", "total_bytes_out", count<&FlowCounters::bytes_out>},
    {"messages_in", "total_messages_in", count<&FlowCounters::messages_in>},
    {"messages_out", "total_messages_out", count<&FlowCounters::messages_out>},
    {"dropped_messages", "total_dropped_messages", count<&FlowCounters::dropped_messages>},
    {"dropped_bytes", "total_dropped_bytes", count<&FlowCounters::dropped_bytes>},
    {"dropped_by_policy", "total_dropped_by_policy", messages<&FlowCounters::dropped_by_policy>},
    {"dropped_by_age", "total_dropped_by_age", messages<&FlowCounters::dropped_by_age>},
    {"dropped_partial", "total_dropped_partial", messages<&FlowCounters::dropped_partial>},
    {"unsent_bytes", "total_unsent_bytes", count<&FlowCounters::unsent_bytes>},
    {"refused_not_writeable", "total_refused_not_writeable",
     count<&FlowCounters::refused_not_writeable>},
    {"refused_not_ready", "total_refused_not_ready", count<&FlowCounters::refused_not_ready>},
    {"refused_not_connected", "total_refused_not_connected",
     count<&FlowCounters::refused_not_connected>},
    {"pauses", "total_pauses", count<&FlowCounters::pauses>},
    {"resumes", "total_resumes", count<&FlowCounters::resumes>},
    {"paused_ms", "total_paused_ms", paused_ms},
    {"slow_consumers", "total_slow_consumers", count<&FlowCounters::slow_consumers>},
    {"closed_slow_consumer", "total_closed_slow_consumer",
     count<&FlowCounters::closed_slow_consumer>},
    {"closed_stalled", "total_closed_stalled", count<&FlowCounters::closed_stalled>},
    {"closed_memory", "total_closed_memory", count<&FlowCounters::closed_memory>},
});

void add_interval(Event& event, const FlowCounters& interval) {
  for (const Counter& counter : line_counters) event.with(counter.key, counter.read(interval));
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

void add_totals(Event& event, const FlowMetrics& now, std::uint64_t sessions_opened) {
  for (const Counter& counter : line_counters) {
    event.with(counter.total_key, counter.read(now.counters));
  }
  event.with("total_queue_peak", now.queue_peak).with("total_sessions", sessions_opened);
}

struct Subject {
  const std::string& route;
  Direction direction;
  std::uint64_t sessions;
  std::uint64_t sessions_opened;
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
  add_totals(event, now, subject.sessions_opened);
  log.write(event);
}

}  // namespace

void MetricsLog::write(const MetricsTable& now, std::chrono::nanoseconds interval) {
  for (const auto& [name, route] : now) {
    const RouteMetrics& before = before_[name];
    write_unless_idle(log_, {name, Direction::to_client, route.sessions, route.sessions_opened},
                      interval, before.to_client, route.to_client);
    if (!route.has_upstream) continue;
    write_unless_idle(log_, {name, Direction::to_upstream, route.sessions, route.sessions_opened},
                      interval, before.to_upstream, route.to_upstream);
  }
  before_ = now;
}

}  // namespace spillway::observe
