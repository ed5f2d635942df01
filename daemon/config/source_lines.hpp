// The lines of a text, for finding and showing places in it.
#pragma once

#include "daemon/config/place.hpp"

#include <string_view>
#include <vector>

namespace spillway::config {

/// A view: the text outlives it.
class SourceLines {
 public:
  explicit SourceLines(std::string_view text);

  /// A line, from 1, without its end; empty where there is none.
  [[nodiscard]] std::string_view line(int number) const;

  /// The same place with its column in characters (UTF-8), where `bytes` counts it in bytes. Quick
  /// when asked in the order of the text, however long a line is.
  [[nodiscard]] Place in_characters(Place bytes);

 private:
  std::vector<std::string_view> lines_;
  Place last_bytes_{};
  Place last_characters_{};
};

}  // namespace spillway::config
