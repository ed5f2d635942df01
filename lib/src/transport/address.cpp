#include <spillway/address.hpp>

#include <arpa/inet.h>
#include <netinet/in.h>
#include <sys/un.h>

#include <algorithm>
#include <cstring>
#include <string_view>

namespace spillway {

namespace {

/// Copies the system's form out of the address, which may be shorter (unix paths are).
template <typename System>
System read_as(std::span<const std::byte> raw) {
  System system{};
  std::memcpy(&system, raw.data(), std::min(raw.size(), sizeof(system)));
  return system;
}

std::string ipv4_text(const sockaddr_in& address) {
  char host[INET_ADDRSTRLEN];
  ::inet_ntop(AF_INET, &address.sin_addr, host, sizeof(host));
  return std::string(host) + ':' + std::to_string(ntohs(address.sin_port));
}

std::string ipv6_text(const sockaddr_in6& address) {
  char host[INET6_ADDRSTRLEN];
  ::inet_ntop(AF_INET6, &address.sin6_addr, host, sizeof(host));
  std::string zone;
  if (address.sin6_scope_id != 0) zone = '%' + std::to_string(address.sin6_scope_id);
  return '[' + (host + zone) + "]:" + std::to_string(ntohs(address.sin6_port));
}

std::string unix_text(std::span<const std::byte> raw) {
  constexpr std::size_t prefix = offsetof(sockaddr_un, sun_path);
  if (raw.size() <= prefix) return "unix:";
  const std::string_view path(reinterpret_cast<const char*>(raw.data()) + prefix,
                              raw.size() - prefix);
  // Linux' abstract names start with a NUL; people write it as "@".
  if (path.front() == '\0') return "unix:@" + std::string(path.substr(1));
  return "unix:" + std::string(path.substr(0, path.find('\0')));
}

}  // namespace

Address::Address(Family family, std::span<const std::byte> raw) : raw_(copy(family, raw)) {}

Address::Raw Address::copy(Family family, std::span<const std::byte> raw) {
  static_assert(sizeof(Ipv4) == sizeof(sockaddr_in) && sizeof(Ipv6) == sizeof(sockaddr_in6));
  // They are read where they lie.
  static_assert(alignof(Raw) >= alignof(sockaddr_in6));
  switch (family) {
    case Family::ipv4:
      return read_as<Ipv4>(raw);
    case Family::ipv6:
      return read_as<Ipv6>(raw);
    case Family::unix_domain:
      break;
  }
  return std::make_shared<const std::vector<std::byte>>(raw.begin(), raw.end());
}

std::span<const std::byte> Address::raw() const {
  if (const auto* ipv4 = std::get_if<Ipv4>(&raw_)) return *ipv4;
  if (const auto* ipv6 = std::get_if<Ipv6>(&raw_)) return *ipv6;
  return *std::get<Unix>(raw_);
}

std::string Address::to_string() const {
  switch (family()) {
    case Family::ipv4:
      return ipv4_text(read_as<sockaddr_in>(raw()));
    case Family::ipv6:
      return ipv6_text(read_as<sockaddr_in6>(raw()));
    case Family::unix_domain:
      break;
  }
  return unix_text(raw());
}

}  // namespace spillway
