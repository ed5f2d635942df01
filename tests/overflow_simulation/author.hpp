// Writes what a source sends.
#pragma once

#include "tests/overflow_simulation/setting.hpp"

#include <cstddef>
#include <cstdint>
#include <string>
#include <string_view>

namespace spillway::overflow_simulation {

/// Makes messages by the framing, and bad ones as often as the setting says. What one message seems
/// to be may hold several when its bytes happen to form an end: the reader decides.
class Author {
 public:
  /// `setting` outlives the author.
  Author(const Setting& setting, Random random) : setting_(setting), random_(random) {}

  std::string message();

 private:
  std::size_t some_size(std::size_t least);
  std::string text(std::size_t size, std::string_view alphabet);
  std::string bytes(std::size_t size);
  std::string pieces_of(const std::string& source, std::size_t size);
  std::string ended_by(const std::string& end, std::string_view alphabet);
  std::string length_prefixed(const config::LengthPrefixFraming& prefix);

  const Setting& setting_;
  Random random_;
};

}  // namespace spillway::overflow_simulation
