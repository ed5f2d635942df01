// How the sockets of a route are set up.
#pragma once

#include "daemon/config/config.hpp"

#include <spillway/socket_options.hpp>

namespace spillway::proxy {

/// Of both connections of a session.
SocketOptions socket_options(const config::Route& route);

}  // namespace spillway::proxy
