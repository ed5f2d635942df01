#include "daemon/server/admin/flow_families.hpp"

#include "daemon/server/admin/latency_buckets.hpp"
#include "daemon/server/admin/seconds.hpp"

#include <array>
#include <cstdint>
#include <functional>
#include <string>

namespace spillway::server::admin {

namespace {

using observe::FlowCounters;
using observe::FlowMetrics;
using prometheus::MetricType;

using Read = double (*)(const FlowMetrics&);

template <auto member>
double counter(const FlowMetrics& flow) {
  return static_cast<double>(std::invoke(member, flow.counters));
}

template <auto member>
double gauge(const FlowMetrics& flow) {
  return static_cast<double>(std::invoke(member, flow));
}

template <FlowCounters::Dropped FlowCounters::*kind, std::uint64_t FlowCounters::Dropped::*unit>
double dropped(const FlowMetrics& flow) {
  return static_cast<double>(flow.counters.*kind.*unit);
}

double paused(const FlowMetrics& flow) { return seconds(flow.counters.paused); }

struct Figure {
  std::string_view name;
  std::string_view help;
  MetricType type;
  Read read;
};

constexpr auto figures = std::to_array<Figure>({
    {"spillway_received_bytes_total", "Bytes received from the source.", MetricType::Counter,
     counter<&FlowCounters::bytes_in>},
    {"spillway_sent_bytes_total", "Bytes that the sink's operating system has.",
     MetricType::Counter, counter<&FlowCounters::bytes_out>},
    {"spillway_received_messages_total", "Messages received from the source.", MetricType::Counter,
     counter<&FlowCounters::messages_in>},
    {"spillway_sent_messages_total", "Messages that the sink's operating system has.",
     MetricType::Counter, counter<&FlowCounters::messages_out>},
    {"spillway_unsent_bytes_total",
     "Bytes that were neither sent nor dropped when their session was over.", MetricType::Counter,
     counter<&FlowCounters::unsent_bytes>},
    {"spillway_pauses_total", "Times that a source was not read because of its sink.",
     MetricType::Counter, counter<&FlowCounters::pauses>},
    {"spillway_resumes_total", "Pauses that ended.", MetricType::Counter,
     counter<&FlowCounters::resumes>},
    {"spillway_paused_seconds_total", "How long sources were paused, all sessions added up.",
     MetricType::Counter, paused},
    {"spillway_slow_consumers_total", "Times that a sink became a slow consumer.",
     MetricType::Counter, counter<&FlowCounters::slow_consumers>},
    {"spillway_queued_bytes", "Bytes that wait in queues.", MetricType::Gauge,
     gauge<&FlowMetrics::queued_bytes>},
    {"spillway_queued_messages", "Messages that wait in queues.", MetricType::Gauge,
     gauge<&FlowMetrics::queued_messages>},
    {"spillway_sending_bytes",
     "Bytes accepted by a send, and not yet with the sink's operating system.", MetricType::Gauge,
     gauge<&FlowMetrics::sending_bytes>},
    {"spillway_queue_peak_bytes", "The deepest queue that one session ever had.", MetricType::Gauge,
     gauge<&FlowMetrics::queue_peak>},
    {"spillway_throttled_connections", "Sessions whose sink is not writeable.", MetricType::Gauge,
     gauge<&FlowMetrics::throttled>},
    {"spillway_slow_connections", "Sessions whose sink is a slow consumer.", MetricType::Gauge,
     gauge<&FlowMetrics::slow>},
});

struct Reason {
  std::string_view name;
  Read read;
};

/// Counters that go by reason.
struct ReasonedFigure {
  std::string_view name;
  std::string_view help;
  std::array<Reason, 3> reasons;
};

constexpr auto reasoned_figures = std::to_array<ReasonedFigure>({
    {"spillway_dropped_messages_total",
     "Messages that were dropped, by reason.",
     {{{"policy", dropped<&FlowCounters::dropped_by_policy, &FlowCounters::Dropped::messages>},
       {"age", dropped<&FlowCounters::dropped_by_age, &FlowCounters::Dropped::messages>},
       {"partial", dropped<&FlowCounters::dropped_partial, &FlowCounters::Dropped::messages>}}}},
    {"spillway_dropped_bytes_total",
     "Bytes that were dropped, by reason.",
     {{{"policy", dropped<&FlowCounters::dropped_by_policy, &FlowCounters::Dropped::bytes>},
       {"age", dropped<&FlowCounters::dropped_by_age, &FlowCounters::Dropped::bytes>},
       {"partial", dropped<&FlowCounters::dropped_partial, &FlowCounters::Dropped::bytes>}}}},
    {"spillway_sends_refused_total",
     "Sends that the sink refused, by reason.",
     {{{"not_writeable", counter<&FlowCounters::refused_not_writeable>},
       {"not_ready", counter<&FlowCounters::refused_not_ready>},
       {"not_connected", counter<&FlowCounters::refused_not_connected>}}}},
    {"spillway_overflow_closes_total",
     "Sessions ended because a sink did not keep up, by reason.",
     {{{"slow_consumer", counter<&FlowCounters::closed_slow_consumer>},
       {"stalled", counter<&FlowCounters::closed_stalled>},
       {"memory", counter<&FlowCounters::closed_memory>}}}},
});

prometheus::ClientMetric::Histogram to_histogram(const observe::RouteLatencyHistogram& latency) {
  prometheus::ClientMetric::Histogram histogram;
  histogram.sample_count = latency.count();
  histogram.sample_sum = seconds_of_us(latency.sum_us());
  for (const LatencyBucket& bucket : coarse_buckets(latency)) {
    histogram.bucket.push_back({bucket.count, bucket.bound_seconds});
  }
  return histogram;
}

/// Calls `visit` with the route's name, the direction's, and the figures.
template <class Visit>
void for_each_flow(const observe::MetricsTable& metrics, Visit visit) {
  for (const auto& [name, route] : metrics) {
    visit(name, to_string(observe::Direction::to_client), route.to_client);
    if (!route.has_upstream) continue;
    visit(name, to_string(observe::Direction::to_upstream), route.to_upstream);
  }
}

void add_latency(MetricFamilies& families, const observe::MetricsTable& metrics,
                 std::string_view name, std::string_view help,
                 observe::RouteLatencyHistogram FlowMetrics::*latency) {
  MetricFamily family(name, help, MetricType::Histogram);
  for_each_flow(
      metrics, [&](const std::string& route, std::string_view direction, const FlowMetrics& flow) {
        family.add({{"route", route}, {"direction", direction}}, to_histogram(flow.*latency));
      });
  families.add(std::move(family));
}

}  // namespace

void add_flows(MetricFamilies& families, const observe::MetricsTable& metrics) {
  for (const Figure& figure : figures) {
    MetricFamily family(figure.name, figure.help, figure.type);
    for_each_flow(metrics, [&](const std::string& route, std::string_view direction,
                               const FlowMetrics& flow) {
      family.add({{"route", route}, {"direction", direction}}, figure.read(flow));
    });
    families.add(std::move(family));
  }
  for (const ReasonedFigure& figure : reasoned_figures) {
    MetricFamily family(figure.name, figure.help, MetricType::Counter);
    for_each_flow(metrics, [&](const std::string& route, std::string_view direction,
                               const FlowMetrics& flow) {
      for (const Reason& reason : figure.reasons) {
        family.add({{"route", route}, {"direction", direction}, {"reason", reason.name}},
                   reason.read(flow));
      }
    });
    families.add(std::move(family));
  }
  add_latency(families, metrics, "spillway_send_latency_seconds",
              "From a send to the operating system having all of it.", &FlowMetrics::send_latency);
  add_latency(families, metrics, "spillway_queue_latency_seconds",
              "From a message's arrival to its send.", &FlowMetrics::queue_latency);
}

}  // namespace spillway::server::admin
