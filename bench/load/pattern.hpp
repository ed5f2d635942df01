// What every stream consists of: pseudo-random bytes, each given by its position.
#pragma once

#include "bench/load/bytes.hpp"

#include <cstdint>
#include <optional>
#include <vector>

namespace load {

class Pattern {
 public:
  static constexpr std::size_t most = 256 * 1024;
  static constexpr std::size_t most_in_line = 65'521;

  /// Of lines of `line` bytes (2 to `most_in_line`) with their end, if there is one; otherwise any
  /// bytes.
  explicit Pattern(std::optional<std::size_t> line);

  [[nodiscard]] bool has_lines() const { return line_ > 1; }
  /// `size` bytes (up to `most`) from `position` on.
  [[nodiscard]] Bytes at(std::uint64_t position, std::size_t size) const;
  /// Where the stream of the `number`th connection begins, so that neighbours are apart; it is the
  /// beginning of a line.
  [[nodiscard]] std::uint16_t start_of(std::size_t number) const;

 private:
  std::size_t line_;  // 1 if there are none
  std::size_t period_;
  std::vector<std::byte> bytes_;
};

}  // namespace load
