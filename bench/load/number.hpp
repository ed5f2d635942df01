// Numbers from text.
#pragma once

#include <charconv>
#include <optional>
#include <string_view>

namespace load {

/// Nothing, unless all of `text` is one number.
template <class T>
std::optional<T> number(std::string_view text) {
  T result{};
  const char* end = text.data() + text.size();
  const auto [stop, error] = std::from_chars(text.data(), end, result);
  if (error != std::errc{} || stop != end) return std::nullopt;
  return result;
}

}  // namespace load
