// From a whole file's tree to a Config.
#pragma once

#include "daemon/config/config.hpp"
#include "daemon/config/node.hpp"
#include "daemon/config/reading.hpp"

namespace spillway::config {

/// Reads what is there; defaults stand for what is absent or faulty. Whether the values fit each
/// other is for `validate` to say.
Config read_config(const Node& root, Reading& reading);

}  // namespace spillway::config
