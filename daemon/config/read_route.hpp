// From one item of `routes` to a Route.
#pragma once

#include "daemon/config/config.hpp"
#include "daemon/config/value.hpp"

namespace spillway::config {

/// Reads what is there; defaults stand for what is absent or faulty. Lists keep the file's indices.
Route read_route(const Value& value);

}  // namespace spillway::config
