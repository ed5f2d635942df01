#include "daemon/config/admin_address.hpp"

#include <arpa/inet.h>
#include <netinet/in.h>

#include <optional>
#include <variant>

namespace spillway::config {

namespace {

template <class Binary>
std::optional<Binary> binary(int family, const std::string& host) {
  Binary address{};
  if (::inet_pton(family, host.c_str(), &address) != 1) return std::nullopt;
  return address;
}

// All of 127.0.0.0/8.
bool is_loopback(const in_addr& address) { return ntohl(address.s_addr) >> 24U == 127; }

}  // namespace

bool is_literal(const HostPort& address) {
  return address.host == "localhost" || binary<in_addr>(AF_INET, address.host) ||
         binary<in6_addr>(AF_INET6, address.host);
}

bool is_local(const Endpoint& endpoint) {
  const auto* address = std::get_if<HostPort>(&endpoint);
  if (address == nullptr || address->host == "localhost") return true;
  if (const auto v4 = binary<in_addr>(AF_INET, address->host)) return is_loopback(*v4);
  const auto v6 = binary<in6_addr>(AF_INET6, address->host);
  return v6 && IN6_IS_ADDR_LOOPBACK(&*v6);
}

}  // namespace spillway::config
