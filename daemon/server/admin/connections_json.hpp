// Live sessions as JSON.
#pragma once

#include "daemon/observe/live_connection.hpp"

#include <cstddef>
#include <string>
#include <vector>

namespace spillway::server::admin {

/// The loops' lists as one, the worst `most` sessions first.
observe::ConnectionList merge(std::vector<observe::ConnectionList> lists, std::size_t most);

std::string connections_json(const observe::ConnectionList& list);

}  // namespace spillway::server::admin
