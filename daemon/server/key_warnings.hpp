// What the log says of private keys that others can read.
#pragma once

#include "daemon/config/config.hpp"
#include "daemon/observe/event.hpp"

#include <vector>

namespace spillway::server {

/// One for each key file of the configuration that is open to every user.
std::vector<observe::Event> key_warnings(const config::Config& config);

}  // namespace spillway::server
