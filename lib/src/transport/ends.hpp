// Who is at the ends of a connected socket.
#pragma once

#include <spillway/address.hpp>

#include <cstdint>
#include <memory>
#include <utility>
#include <variant>

namespace spillway {

/// Two addresses that are kept for long and seldom asked for. A pair of IPv4, as most are, takes
/// two words and no allocation.
class Ends {
 public:
  Ends(Address local, Address peer);

  [[nodiscard]] Address local() const;
  [[nodiscard]] Address peer() const;

 private:
  // Both in network order.
  struct Ipv4 {
    std::uint16_t host[2];
    std::uint16_t port;
  };
  using Ipv4Pair = std::pair<Ipv4, Ipv4>;
  using Pair = std::pair<const Address, const Address>;
  using Kept = std::variant<Ipv4Pair, std::unique_ptr<const Pair>>;

  static Kept keep(Address local, Address peer);
  static Ipv4 compact(const Address& address);
  static Address whole(const Ipv4& compact);

  Kept kept_;
};

}  // namespace spillway
