// Making stream sockets, and asking them.
#pragma once

#include "transport/descriptor.hpp"

#include <spillway/address.hpp>
#include <spillway/socket_options.hpp>

#include <boost/system/error_code.hpp>
#include <boost/system/result.hpp>

namespace spillway {

/// `errno` as an error code.
boost::system::error_code last_error();

/// A stream socket that never blocks and is not inherited by children.
boost::system::result<Descriptor> open_socket(Address::Family family);

/// Sets what the kind of socket has; what the system refuses stays as it is. Set on a listening
/// TCP socket, all of it is inherited by what it accepts, which then costs no call each. A unix
/// socket inherits nothing.
void apply(const SocketOptions& options, const Descriptor& socket, Address::Family family);

/// The peer sees a reset when it is closed. Unix sockets have none; their peer sees one only if it
/// had sent something that was not read.
void make_close_reset(const Descriptor& socket) noexcept;

/// Takes the error that waits on the socket (SO_ERROR).
boost::system::error_code take_socket_error(const Descriptor& socket);

}  // namespace spillway
