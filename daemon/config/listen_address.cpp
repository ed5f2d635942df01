#include "daemon/config/listen_address.hpp"

#include <algorithm>
#include <utility>

namespace spillway::config {

namespace {

constexpr std::string_view passed_prefix = "systemd:";
constexpr std::size_t max_name = 255;  // sd_listen_fds_with_names(3)

bool belongs_into_name(char c) { return c > ' ' && c < 0x7f && c != ':'; }

}  // namespace

boost::system::result<ListenAddress, EndpointError> parse_listen_address(std::string_view text) {
  if (text.starts_with(passed_prefix)) {
    const std::string name(text.substr(passed_prefix.size()));
    if (name.empty() || name.size() > max_name || !std::ranges::all_of(name, belongs_into_name)) {
      return EndpointError{
          "\"" + std::string(text) +
          "\" does not name a socket: write the FileDescriptorName= of the socket unit, such as "
          "`systemd:feed`"};
    }
    return PassedByName{name};
  }
  auto endpoint = parse_endpoint(text);
  if (!endpoint) return endpoint.error();
  return std::visit([](auto& kind) { return ListenAddress(std::move(kind)); }, *endpoint);
}

std::string to_string(const ListenAddress& address) {
  if (const auto* passed = std::get_if<PassedByName>(&address)) {
    return std::string(passed_prefix) + passed->name;
  }
  if (const auto* path = std::get_if<UnixPath>(&address))
    return spillway::to_string(Endpoint(*path));
  return spillway::to_string(Endpoint(std::get<HostPort>(address)));
}

}  // namespace spillway::config
