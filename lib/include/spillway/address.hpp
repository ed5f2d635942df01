// A resolved socket address.
#pragma once

#include <array>
#include <cstddef>
#include <span>
#include <string>

namespace spillway {

/// An address as the operating system has it, opaque here. A value; no name look-up ever happens.
class Address {
 public:
  enum class Family { ipv4, ipv6, unix_domain };

  /// `raw` is the system's own form (a sockaddr). REQUIRES: at most 128 bytes.
  Address(Family family, std::span<const std::byte> raw);

  [[nodiscard]] Family family() const { return family_; }
  [[nodiscard]] std::span<const std::byte> raw() const { return {storage_.data(), size_}; }
  /// "127.0.0.1:7007", "[::1]:7007" or "unix:PATH".
  [[nodiscard]] std::string to_string() const;

 private:
  Family family_;
  std::size_t size_;
  alignas(8) std::array<std::byte, 128> storage_;
};

}  // namespace spillway
