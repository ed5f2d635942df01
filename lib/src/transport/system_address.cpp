#include "transport/system_address.hpp"

#include <boost/system/errc.hpp>

#include <arpa/inet.h>
#include <netdb.h>
#include <netinet/in.h>
#include <sys/un.h>

#include <cassert>
#include <cstddef>
#include <cstring>
#include <span>
#include <string>

namespace spillway {

namespace {

template <typename System>
Address make_address(Address::Family family, const System& raw) {
  return {family, std::as_bytes(std::span(&raw, 1))};
}

std::optional<Address> literal_ipv6(const HostPort& target) {
  // getaddrinfo rather than inet_pton: it reads zones ("fe80::1%eth0") too.
  addrinfo hints{};
  hints.ai_family = AF_INET6;
  hints.ai_socktype = SOCK_STREAM;
  hints.ai_flags = AI_NUMERICHOST | AI_NUMERICSERV;
  addrinfo* found = nullptr;
  const std::string port = std::to_string(target.port);
  if (::getaddrinfo(target.host.c_str(), port.c_str(), &hints, &found) != 0) return std::nullopt;
  const Address address = to_address(found->ai_addr, found->ai_addrlen);
  ::freeaddrinfo(found);
  return address;
}

}  // namespace

Address to_address(const sockaddr* raw, socklen_t size) {
  const std::span bytes(reinterpret_cast<const std::byte*>(raw), size);
  switch (raw->sa_family) {
    case AF_INET:
      return {Address::Family::ipv4, bytes};
    case AF_INET6:
      return {Address::Family::ipv6, bytes};
    default:
      assert(raw->sa_family == AF_UNIX);
      return {Address::Family::unix_domain, bytes};
  }
}

std::optional<Address> literal_address(const HostPort& target) {
  if (target.host.find(':') != std::string::npos) return literal_ipv6(target);
  sockaddr_in raw{};
  raw.sin_family = AF_INET;
  raw.sin_port = htons(target.port);
  if (::inet_pton(AF_INET, target.host.c_str(), &raw.sin_addr) != 1) return std::nullopt;
  return make_address(Address::Family::ipv4, raw);
}

boost::system::result<Address> unix_address(const UnixPath& unix_path) {
  sockaddr_un raw{};
  raw.sun_family = AF_UNIX;
  if (unix_path.path.empty()) return make_error_code(boost::system::errc::invalid_argument);
  if (unix_path.path.size() >= sizeof(raw.sun_path)) {
    return make_error_code(boost::system::errc::filename_too_long);
  }
  std::memcpy(raw.sun_path, unix_path.path.data(), unix_path.path.size());
  return make_address(Address::Family::unix_domain, raw);
}

const sockaddr* system_form(const Address& address) {
  return reinterpret_cast<const sockaddr*>(address.raw().data());
}

socklen_t system_size(const Address& address) {
  return static_cast<socklen_t>(address.raw().size());
}

int system_family(Address::Family family) {
  switch (family) {
    case Address::Family::ipv4:
      return AF_INET;
    case Address::Family::ipv6:
      return AF_INET6;
    case Address::Family::unix_domain:
      break;
  }
  return AF_UNIX;
}

std::uint16_t port_of(const Address& address) {
  // IPv4 and IPv6 keep the port at the same place.
  static_assert(offsetof(sockaddr_in, sin_port) == offsetof(sockaddr_in6, sin6_port));
  if (address.family() == Address::Family::unix_domain) return 0;
  return ntohs(reinterpret_cast<const sockaddr_in*>(system_form(address))->sin_port);
}

bool is_unnamed(const Address& address) {
  return address.family() == Address::Family::unix_domain &&
         address.raw().size() <= offsetof(sockaddr_un, sun_path);
}

Address bound_address(const Descriptor& socket) {
  sockaddr_storage raw{};
  socklen_t size = sizeof(raw);
  [[maybe_unused]] const int result =
      ::getsockname(socket.get(), reinterpret_cast<sockaddr*>(&raw), &size);
  assert(result == 0);
  return to_address(reinterpret_cast<const sockaddr*>(&raw), size);
}

}  // namespace spillway
