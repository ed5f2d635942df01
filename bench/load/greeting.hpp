// What goes first over a connection, and comes back as the first answer.
#pragma once

#include "bench/load/bytes.hpp"
#include "bench/load/pattern.hpp"

#include <array>

namespace load {

/// The byte that chooses what the backend does, and the end of a line if streams consist of lines:
/// a proxy that keeps lines whole would wait for it.
class Greeting {
 public:
  Greeting(std::byte choice, const Pattern& pattern)
      : bytes_{choice, std::byte{'\n'}}, size_(pattern.has_lines() ? 2 : 1) {}

  [[nodiscard]] Bytes bytes() const { return Bytes(bytes_).first(size_); }

 private:
  std::array<std::byte, 2> bytes_;
  std::size_t size_;
};

}  // namespace load
