// Where a route listens.
#pragma once

#include <spillway/endpoint.hpp>

#include <boost/system/result.hpp>

#include <string>
#include <string_view>
#include <variant>

namespace spillway::config {

/// The sockets that the service manager opened and passes under this name (`FileDescriptorName=` of
/// a systemd socket unit): at least one.
struct PassedByName {
  std::string name;
  bool operator==(const PassedByName&) const = default;
};

using ListenAddress = std::variant<HostPort, UnixPath, PassedByName>;

/// Reads what `parse_endpoint` does, and "systemd:NAME".
boost::system::result<ListenAddress, EndpointError> parse_listen_address(std::string_view text);

/// The inverse.
std::string to_string(const ListenAddress& address);

}  // namespace spillway::config
