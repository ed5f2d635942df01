// The daemon's standing in Prometheus' text format.
#pragma once

#include "daemon/server/admin/standing.hpp"

#include <string>

namespace spillway::server::admin {

std::string metrics_text(const Standing& standing);

}  // namespace spillway::server::admin
