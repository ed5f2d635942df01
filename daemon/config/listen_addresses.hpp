// The addresses that a configuration listens on, and which of them exclude each other.
#pragma once

#include "daemon/config/listen_address.hpp"

#include <cstddef>
#include <map>
#include <optional>
#include <string>
#include <tuple>

namespace spillway::config {

/// Remembers addresses by the order in which they were added. Two exclude each other if one socket
/// cannot be bound beside the other: the same address and port, or the same port on all addresses
/// of the family (`0.0.0.0`, `[::]`). Port 0 is always another one. Names are not resolved.
class ListenAddresses {
 public:
  /// The number of an address that was added before and that `address` cannot stand beside; none
  /// if it is free.
  std::optional<std::size_t> add(const ListenAddress& address);

 private:
  enum class Family { ipv4, ipv6, name, unix_domain, passed };
  /// What sockets that exclude each other have in common.
  using Group = std::tuple<Family, unsigned>;
  struct Members {
    std::map<std::string, std::size_t> by_address;
    std::size_t first = 0;
  };
  /// `host` is comparable: equal exactly for equal addresses.
  struct Key {
    Group group;
    std::string host;
    bool is_every_address = false;
  };

  static Key key_of(const ListenAddress& address);

  std::map<Group, Members> groups_;
  std::map<Group, std::size_t> every_address_;
  std::size_t count_ = 0;
};

}  // namespace spillway::config
