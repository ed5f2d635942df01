#include "daemon/server/admin/metrics_text.hpp"

#include "daemon/server/admin/flow_families.hpp"
#include "daemon/server/admin/metric_families.hpp"
#include "daemon/server/admin/route_families.hpp"
#include "daemon/server/admin/seconds.hpp"

#include <spillway/version.hpp>

#include <prometheus/text_serializer.h>

namespace spillway::server::admin {

namespace {

using prometheus::MetricType;

void add_daemon(MetricFamilies& families, const Standing& standing) {
  const Overview& overview = standing.overview;
  families.add(
      std::move(MetricFamily("spillway_build_info", "Which version this is, and what it runs with.",
                             MetricType::Gauge)
                    .add({{"version", library_version()},
                          {"boost", boost_version()},
                          {"openssl", tls_library_version()}},
                         1)));
  families.gauge("spillway_ready", "1 while connections are accepted, 0 while draining.",
                 overview.draining ? 0 : 1);
  families.gauge("spillway_event_loops", "Event loops, each a thread.",
                 static_cast<double>(standing.loops));
  families.gauge("spillway_connection_limit",
                 "Clients that there may be at a time on all routes together; 0 is no limit.",
                 static_cast<double>(overview.connection_limit));
  families.gauge("spillway_memory_limit_bytes",
                 "What may wait in the queues of all sessions together; 0 is no limit.",
                 static_cast<double>(overview.memory_limit));
  families.counter("spillway_log_lines_lost_total",
                   "Log lines that found no room or could not be written.",
                   static_cast<double>(overview.lost_log_lines));
}

void add_reload(MetricFamilies& families, const ReloadStatus& reload) {
  families.add(
      std::move(MetricFamily("spillway_config_reloads_total",
                             "Reloads of the configuration, by result.", MetricType::Counter)
                    .add({{"result", "ok"}}, static_cast<double>(reload.succeeded))
                    .add({{"result", "failed"}}, static_cast<double>(reload.failed))));
  families.gauge("spillway_config_last_reload_successful",
                 "1 if the last reload succeeded or there was none, 0 if it was refused.",
                 reload.last && !reload.last->successful ? 0 : 1);
  families.gauge("spillway_config_last_reload_timestamp_seconds",
                 "When the configuration was last reloaded, or tried to; at first, loaded.",
                 seconds(reload.last ? reload.last->at : reload.loaded));
  families.gauge("spillway_config_loaded_timestamp_seconds",
                 "When the configuration that is served was loaded.", seconds(reload.loaded));
}

// As exporters of all kinds call them.
void add_process(MetricFamilies& families, const ProcessFigures& process) {
  families.counter("process_cpu_seconds_total", "User and system time of the process.",
                   process.cpu_seconds);
  families.gauge("process_start_time_seconds", "When the process was started, since 1970.",
                 seconds(process.started));
  families.gauge("process_resident_memory_bytes", "Memory that the process has in use.",
                 static_cast<double>(process.resident_bytes));
  families.gauge("process_virtual_memory_bytes", "Memory that the process has reserved.",
                 static_cast<double>(process.virtual_bytes));
  families.gauge("process_threads", "Threads of the process.",
                 static_cast<double>(process.threads));
  families.gauge("process_open_fds", "Descriptors that are open.",
                 static_cast<double>(process.open_descriptors));
  families.gauge("process_max_fds", "Descriptors that may be open.",
                 static_cast<double>(process.most_descriptors));
}

}  // namespace

std::string metrics_text(const Standing& standing) {
  MetricFamilies families;
  add_daemon(families, standing);
  add_reload(families, standing.overview.reload);
  add_routes(families, standing);
  add_flows(families, standing.metrics);
  add_process(families, standing.process);
  return prometheus::TextSerializer().Serialize(families.all());
}

}  // namespace spillway::server::admin
