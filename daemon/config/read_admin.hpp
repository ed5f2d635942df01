// The section of the admin address.
#pragma once

#include "daemon/config/config.hpp"
#include "daemon/config/value.hpp"

namespace spillway::config {

Admin read_admin(const Value& value);

}  // namespace spillway::config
