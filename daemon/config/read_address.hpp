// An address of the file.
#pragma once

#include "daemon/config/listen_address.hpp"
#include "daemon/config/value.hpp"

#include <spillway/endpoint.hpp>

#include <optional>
#include <string_view>

namespace spillway::config {

// A relative unix path starts at the file's folder. None if absent or faulty; `takes` as in Value.

/// One to connect to, or to listen on for who needs no other.
std::optional<Endpoint> read_endpoint(const Value& value, std::string_view takes);
std::optional<ListenAddress> read_listen_address(const Value& value, std::string_view takes);

}  // namespace spillway::config
