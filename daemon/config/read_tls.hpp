// Reads the `tls` of either side of a route.
#pragma once

#include "daemon/config/config.hpp"
#include "daemon/config/value.hpp"

#include <optional>

namespace spillway::config {

/// The route's own: what its clients meet.
std::optional<Tls> read_tls(const Value& value);

/// The upstream's: what its servers meet.
std::optional<UpstreamTls> read_upstream_tls(const Value& value);

}  // namespace spillway::config
