// The `overflow` of a route.
#pragma once

#include "daemon/config/config.hpp"
#include "daemon/config/value.hpp"

namespace spillway::config {

/// Sets `route.to_client` and `route.to_upstream`: both from the keys directly under `overflow`,
/// or each from its own map.
void read_overflow(const Value& value, Route& route);

}  // namespace spillway::config
