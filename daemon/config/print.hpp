// What `spillway check` shows of a good configuration.
#pragma once

#include "daemon/config/config.hpp"

#include <cstddef>
#include <string>
#include <string_view>

namespace spillway::config {

/// The most that one session of the route can hold of its peers' data, in bytes.
std::size_t worst_case_memory(const Route& route);

/// One line per route, with what it listens on, where it leads, and what it does with a peer that
/// cannot keep up; "FILE: ok" last.
std::string print(const Config& config, std::string_view file);

}  // namespace spillway::config
