// What there is of each route and direction.
#pragma once

#include "daemon/observe/metrics_table.hpp"
#include "daemon/server/admin/metric_families.hpp"

namespace spillway::server::admin {

/// Bytes, messages, drops, pauses, queues and latencies.
void add_flows(MetricFamilies& families, const observe::MetricsTable& metrics);

}  // namespace spillway::server::admin
