#include <spillway/address.hpp>

#include <arpa/inet.h>
#include <netinet/in.h>
#include <sys/un.h>

#include <algorithm>
#include <cassert>
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

Address::Address(Family family, std::span<const std::byte> raw)
    : family_(family), size_(raw.size()), storage_{} {
  assert(raw.size() <= storage_.size());
  std::ranges::copy(raw, storage_.begin());
}

std::string Address::to_string() const {
  switch (family_) {
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
