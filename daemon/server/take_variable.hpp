// What a parent left in the environment for this process alone.
#pragma once

#include <string>

namespace spillway::server {

/// Its value, empty if there is none. It is gone afterwards, so that no program which the process
/// may start takes it for its own. Call before threads start.
std::string take_variable(const char* name);

}  // namespace spillway::server
