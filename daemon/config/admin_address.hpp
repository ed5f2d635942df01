// What an address says of who can reach it.
#pragma once

#include <spillway/endpoint.hpp>

namespace spillway::config {

/// `localhost`, or an address without a name.
bool is_literal(const HostPort& address);

/// Nobody on another machine can reach it: a unix path, `localhost`, 127.0.0.0/8 or [::1].
bool is_local(const Endpoint& endpoint);

}  // namespace spillway::config
