// Streams whose every place is recognisable.
#pragma once

#include <spillway/bytes.hpp>

#include <cstddef>
#include <vector>

namespace spillway::simulation {

/// An endless stream of bytes that look random: what is lost, doubled or moved shows. Its bytes
/// need not be made for each use, they lie there.
class Pattern {
 public:
  /// What can be had at once.
  static constexpr std::size_t longest = 512 * 1024;

  /// Streams of different numbers differ.
  explicit Pattern(std::size_t number) : shift_(number * 7919) {}

  /// The bytes from `position` on. REQUIRES: `size` <= longest.
  [[nodiscard]] Bytes at(std::size_t position, std::size_t size) const;
  [[nodiscard]] bool continues(std::size_t position, Bytes bytes) const;

 private:
  static const std::vector<std::byte>& table();

  std::size_t shift_;
};

}  // namespace spillway::simulation
