// The daemon's standing as JSON.
#pragma once

#include "daemon/server/admin/standing.hpp"

#include <string>

namespace spillway::server::admin {

/// Durations are in seconds, sizes in bytes, points in time in seconds since 1970.
std::string status_json(const Standing& standing);

}  // namespace spillway::server::admin
