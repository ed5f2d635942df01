#include "daemon/config/server_name.hpp"

#include <stdexcept>
#include <variant>

namespace spillway::config {

bool is_server_name(const std::string& text) {
  // An IPv6 address may have a zone, which is this machine's and in no certificate.
  if (text.find('%') != std::string::npos) return false;
  const bool has_colon = text.find(':') != std::string::npos;
  return parse_endpoint(has_colon ? '[' + text + "]:0" : text + ":0").has_value();
}

ServerName server_name(const Upstream& upstream) {
  const std::string& given = upstream.tls->server_name;
  if (!given.empty()) return ServerName(boost::system::in_place_value, given);
  const HostPort* first = nullptr;
  for (const Endpoint& server : upstream.servers) {
    const auto* address = std::get_if<HostPort>(&server);
    if (address == nullptr || !is_server_name(address->host)) {
      return ServerNameError{to_string(server) + " has no host that its certificate could be for"};
    }
    if (first == nullptr) first = address;
    if (address->host != first->host) {
      return ServerNameError{to_string(Endpoint(*first)) + " and " + to_string(server) +
                             " have different hosts, but one name is verified for all servers"};
    }
  }
  return ServerName(boost::system::in_place_value, first->host);
}

void throw_exception_from_error(const ServerNameError& error, const boost::source_location& where) {
  (void)where;
  throw std::logic_error(error.message);
}

}  // namespace spillway::config
