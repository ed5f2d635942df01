// A resolved socket address.
#pragma once

#include <array>
#include <cstddef>
#include <memory>
#include <span>
#include <string>
#include <variant>
#include <vector>

namespace spillway {

/// An address as the operating system has it, opaque here. A value; no name look-up ever happens.
/// Copies share the path of a unix address.
class Address {
 public:
  enum class Family { ipv4, ipv6, unix_domain };

  /// `raw` is the system's own form (a sockaddr), whole.
  Address(Family family, std::span<const std::byte> raw);

  [[nodiscard]] Family family() const { return static_cast<Family>(raw_.index()); }
  /// Valid for as long as the address exists and is not assigned to.
  [[nodiscard]] std::span<const std::byte> raw() const;
  /// "127.0.0.1:7007", "[::1]:7007" or "unix:PATH".
  [[nodiscard]] std::string to_string() const;

 private:
  // The system's forms of the families, in their order. Every session keeps two addresses: a unix
  // path has its room elsewhere.
  using Ipv4 = std::array<std::byte, 16>;
  using Ipv6 = std::array<std::byte, 28>;
  using Unix = std::shared_ptr<const std::vector<std::byte>>;
  using Raw = std::variant<Ipv4, Ipv6, Unix>;

  static Raw copy(Family family, std::span<const std::byte> raw);

  Raw raw_;
};

}  // namespace spillway
