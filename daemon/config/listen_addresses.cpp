#include "daemon/config/listen_addresses.hpp"

#include <arpa/inet.h>
#include <netinet/in.h>

#include <algorithm>

namespace spillway::config {

namespace {

// The address as the system has it, whatever way of writing it was chosen ("::1", "0:0::1").
template <class Binary>
std::optional<std::string> binary(int family, const std::string& host) {
  std::string bytes(sizeof(Binary), '\0');
  if (::inet_pton(family, host.c_str(), bytes.data()) != 1) return std::nullopt;
  return bytes;
}

bool is_zero(const std::string& bytes) {
  return std::all_of(bytes.begin(), bytes.end(), [](char c) { return c == '\0'; });
}

}  // namespace

std::optional<std::size_t> ListenAddresses::add(const ListenAddress& address) {
  const std::size_t number = count_++;
  const auto* target = std::get_if<HostPort>(&address);
  if (target != nullptr && target->port == 0) return std::nullopt;

  Key key = key_of(address);
  if (const auto all = every_address_.find(key.group); all != every_address_.end()) {
    return all->second;
  }
  const auto [group, is_new] = groups_.try_emplace(key.group, Members{{}, number});
  if (key.is_every_address) {
    every_address_.emplace(key.group, number);
    if (!is_new) return group->second.first;
    return std::nullopt;
  }
  const auto [same, is_free] = group->second.by_address.emplace(std::move(key.host), number);
  if (is_free) return std::nullopt;
  return same->second;
}

ListenAddresses::Key ListenAddresses::key_of(const ListenAddress& address) {
  if (const auto* local = std::get_if<UnixPath>(&address)) {
    return {{Family::unix_domain, 0}, local->path};
  }
  if (const auto* passed = std::get_if<PassedByName>(&address)) {
    return {{Family::passed, 0}, passed->name};
  }
  const auto& [host, port] = std::get<HostPort>(address);
  if (auto bytes = binary<in_addr>(AF_INET, host)) {
    return {{Family::ipv4, port}, *bytes, is_zero(*bytes)};
  }
  if (auto bytes = binary<in6_addr>(AF_INET6, host)) {
    return {{Family::ipv6, port}, *bytes, is_zero(*bytes)};
  }
  return {{Family::name, port}, host};
}

}  // namespace spillway::config
