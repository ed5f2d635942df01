// What `spillway check` shows of a good configuration.
#pragma once

#include "daemon/config/config.hpp"
#include "daemon/config/machine_memory.hpp"

#include <optional>
#include <string>
#include <string_view>

namespace spillway::config {

/// Of each route what it listens on, where it leads, how it tells messages apart, what it does with
/// a peer that cannot keep up, and the most that this takes of memory; the same of all routes, a
/// line that starts with "warning: " for each limit that this may pass and each private key that is
/// open to all, and "FILE: ok" last.
std::string print(const Config& config, std::string_view file,
                  std::optional<MachineMemory> machine_memory);

}  // namespace spillway::config
