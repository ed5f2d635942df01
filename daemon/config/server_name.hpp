// What a route's servers have to prove that they are.
#pragma once

#include "daemon/config/config.hpp"

#include <boost/system/result.hpp>

#include <string>

namespace spillway::config {

struct ServerNameError {
  /// In words: "unix:/run/feed.sock has no host that its certificate could be for".
  std::string message;
};

using ServerName = boost::system::result<std::string, ServerNameError>;

/// A host name or an IP address, as a certificate may be for: no wildcard, no port.
bool is_server_name(const std::string& text);

/// The name of all servers of `upstream`: the one that its `tls` has, or else the host that they
/// have in common. REQUIRES: it has `tls`, and servers.
ServerName server_name(const Upstream& upstream);

[[noreturn]] void throw_exception_from_error(const ServerNameError& error,
                                             const boost::source_location& where);

}  // namespace spillway::config
