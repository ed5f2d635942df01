// What there is of each route.
#pragma once

#include "daemon/server/admin/metric_families.hpp"
#include "daemon/server/admin/standing.hpp"

namespace spillway::server::admin {

/// Connections, handshakes, certificates.
void add_routes(MetricFamilies& families, const Standing& standing);

}  // namespace spillway::server::admin
