#include "transport/ends.hpp"

#include <netinet/in.h>

#include <cstring>
#include <span>

namespace spillway {

Ends::Ends(Address local, Address peer) : kept_(keep(std::move(local), std::move(peer))) {}

Address Ends::local() const {
  if (const auto* pair = std::get_if<Ipv4Pair>(&kept_)) return whole(pair->first);
  return std::get<std::unique_ptr<const Pair>>(kept_)->first;
}

Address Ends::peer() const {
  if (const auto* pair = std::get_if<Ipv4Pair>(&kept_)) return whole(pair->second);
  return std::get<std::unique_ptr<const Pair>>(kept_)->second;
}

Ends::Kept Ends::keep(Address local, Address peer) {
  using Family = Address::Family;
  if (local.family() == Family::ipv4 && peer.family() == Family::ipv4) {
    return Ipv4Pair(compact(local), compact(peer));
  }
  return std::make_unique<const Pair>(std::move(local), std::move(peer));
}

Ends::Ipv4 Ends::compact(const Address& address) {
  sockaddr_in system{};
  std::memcpy(&system, address.raw().data(), sizeof(system));
  Ipv4 compact{.host = {}, .port = system.sin_port};
  static_assert(sizeof(compact.host) == sizeof(system.sin_addr));
  std::memcpy(compact.host, &system.sin_addr, sizeof(compact.host));
  return compact;
}

Address Ends::whole(const Ipv4& compact) {
  sockaddr_in system{};
  system.sin_family = AF_INET;
  system.sin_port = compact.port;
  std::memcpy(&system.sin_addr, compact.host, sizeof(compact.host));
  return {Address::Family::ipv4, std::as_bytes(std::span(&system, 1))};
}

}  // namespace spillway
