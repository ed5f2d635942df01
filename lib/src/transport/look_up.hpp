// The system's name look-up.
#pragma once

#include <spillway/endpoint.hpp>
#include <spillway/resolver.hpp>

namespace spillway {

/// Asks the system (getaddrinfo) for the stream addresses of `target`. Blocks, possibly for many
/// seconds.
ResolveResult look_up(const HostPort& target);

}  // namespace spillway
