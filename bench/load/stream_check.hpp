// Compares what came with what should have come.
#pragma once

#include "bench/load/bytes.hpp"
#include "bench/load/pattern.hpp"

#include <cstdint>
#include <optional>
#include <string>

namespace load {

/// Of one stream, units (chunks, messages) are compared in full: every small one, and every 16th of
/// those that would cost something. Of the others only the size counts, which still shows what was
/// lost or doubled when the next one is compared.
class StreamCheck {
 public:
  enum class Units { small, large };

  /// `start`: position of the stream in the pattern.
  StreamCheck(const Pattern& pattern, std::uint64_t start, Units units)
      : pattern_(&pattern), start_(start), compared_one_in_(units == Units::small ? 1 : 16) {}

  /// Whether the bytes of this unit are to be compared.
  [[nodiscard]] bool due() const { return units_ % compared_one_in_ == 0; }
  /// `bytes` of this unit came. Says what is wrong with them, if anything.
  std::optional<std::string> compare(Bytes bytes);
  void skip(std::size_t size) { position_ += size; }
  void end_unit() { ++units_; }

 private:
  const Pattern* pattern_;
  std::uint64_t start_;
  std::uint64_t compared_one_in_;
  std::uint64_t position_ = 0;
  std::uint64_t units_ = 0;
};

}  // namespace load
