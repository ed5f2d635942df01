// Between the system's socket addresses and ours.
#pragma once

#include "transport/descriptor.hpp"

#include <spillway/address.hpp>
#include <spillway/endpoint.hpp>

#include <boost/system/result.hpp>

#include <sys/socket.h>

#include <cstdint>
#include <optional>

namespace spillway {

/// REQUIRES: an IPv4, IPv6 or unix address.
Address to_address(const sockaddr* raw, socklen_t size);

/// The address that `target` spells out; none if its host is a name.
std::optional<Address> literal_address(const HostPort& target);
/// Fails if the path is empty or longer than the system takes (107 bytes).
boost::system::result<Address> unix_address(const UnixPath& unix_path);

const sockaddr* system_form(const Address& address);
socklen_t system_size(const Address& address);
/// AF_INET, AF_INET6 or AF_UNIX.
int system_family(Address::Family family);

/// 0 for a unix path.
std::uint16_t port_of(const Address& address);
/// True for the unix address of a socket that nobody bound to a path.
bool is_unnamed(const Address& address);

/// What the socket is bound to.
Address bound_address(const Descriptor& socket);

}  // namespace spillway
