// Whether a route's framing and overflow keys fit each other.
#pragma once

#include "daemon/config/config.hpp"
#include "daemon/config/key_path.hpp"
#include "daemon/config/objections.hpp"

namespace spillway::config {

/// `framing` and `max_message` of the route at `path`.
void check_messages(const Route& route, const KeyPath& path, Objections& objections);

/// `overflow` of the route at `path`, in both directions.
void check_overflow(const Route& route, const KeyPath& path, Objections& objections);

}  // namespace spillway::config
