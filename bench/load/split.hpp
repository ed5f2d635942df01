// Lists in text.
#pragma once

#include <string>
#include <vector>

namespace load {

/// At least one part, which may be empty.
inline std::vector<std::string> split(const std::string& text, char separator) {
  std::vector<std::string> result(1);
  for (const char c : text) {
    if (c == separator) {
      result.emplace_back();
    } else {
      result.back() += c;
    }
  }
  return result;
}

}  // namespace load
