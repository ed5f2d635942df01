// Where to listen or to connect to, as written by a person.
#pragma once

#include <boost/system/result.hpp>

#include <cstdint>
#include <string>
#include <string_view>
#include <variant>

namespace spillway {

/// A host (name, IPv4 or IPv6 address without brackets) and a port.
struct HostPort {
  std::string host;
  std::uint16_t port = 0;
  bool operator==(const HostPort&) const = default;
};

/// A unix-domain stream socket.
struct UnixPath {
  std::string path;
  bool operator==(const UnixPath&) const = default;
};

using Endpoint = std::variant<HostPort, UnixPath>;

/// What is wrong with the text of an endpoint, in words for the person who wrote it.
struct EndpointError {
  std::string message;
};

/// Reads "host:port", "1.2.3.4:port", "[::1]:port" or "unix:PATH". Names are not resolved. Port 0
/// is allowed (for listeners: any free port). A path is at most 107 bytes long.
boost::system::result<Endpoint, EndpointError> parse_endpoint(std::string_view text);

/// The inverse of `parse_endpoint`.
std::string to_string(const Endpoint& endpoint);

[[noreturn]] void throw_exception_from_error(const EndpointError& error,
                                             const boost::source_location& where);

}  // namespace spillway
