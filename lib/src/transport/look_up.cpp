#include "transport/look_up.hpp"

#include "transport/system_address.hpp"

#include <netdb.h>
#include <sys/socket.h>

#include <cerrno>
#include <memory>
#include <string>
#include <system_error>
#include <vector>

namespace spillway {

namespace {

ResolveError error_for(int code) {
  if (code == EAI_SYSTEM) return {std::generic_category().message(errno)};
  return {::gai_strerror(code)};
}

}  // namespace

ResolveResult look_up(const HostPort& target) {
  addrinfo hints{};
  hints.ai_family = AF_UNSPEC;
  hints.ai_socktype = SOCK_STREAM;
  hints.ai_flags = AI_NUMERICSERV;
  addrinfo* found = nullptr;
  const std::string port = std::to_string(target.port);
  const int code = ::getaddrinfo(target.host.c_str(), port.c_str(), &hints, &found);
  if (code != 0) return error_for(code);
  const std::unique_ptr<addrinfo, decltype(&::freeaddrinfo)> owner(found, &::freeaddrinfo);
  std::vector<Address> addresses;
  for (const addrinfo* each = found; each != nullptr; each = each->ai_next) {
    const bool known = each->ai_family == AF_INET || each->ai_family == AF_INET6;
    if (known) addresses.push_back(to_address(each->ai_addr, each->ai_addrlen));
  }
  if (addresses.empty()) return ResolveError{"the name has no address"};
  return addresses;
}

}  // namespace spillway
