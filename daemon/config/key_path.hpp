// The name of one value within a configuration.
#pragma once

#include <compare>
#include <cstddef>
#include <optional>
#include <string>
#include <string_view>
#include <utility>

namespace spillway::config {

/// `root / "routes" / 0 / "listen" / 1` is "routes/0/listen/1": names a value of the file and of
/// the Config made from it alike.
class KeyPath {
 public:
  KeyPath() = default;

  [[nodiscard]] KeyPath operator/(std::string_view key) const {
    return KeyPath(text_.empty() ? std::string(key) : text_ + '/' + std::string(key));
  }
  [[nodiscard]] KeyPath operator/(std::size_t index) const {
    return *this / std::string_view(std::to_string(index));
  }
  /// `path`, which was seen from this value, as seen from the root.
  [[nodiscard]] KeyPath operator/(const KeyPath& path) const { return *this / path.text_; }
  /// The value's own key or index.
  [[nodiscard]] std::string_view last() const {
    const std::size_t end = text_.rfind('/');
    return end == std::string::npos ? text_ : std::string_view(text_).substr(end + 1);
  }
  /// What contains the value; none for the root.
  [[nodiscard]] std::optional<KeyPath> parent() const {
    if (text_.empty()) return std::nullopt;
    const std::size_t end = text_.rfind('/');
    return KeyPath(end == std::string::npos ? std::string() : text_.substr(0, end));
  }
  auto operator<=>(const KeyPath&) const = default;

 private:
  explicit KeyPath(std::string text) : text_(std::move(text)) {}

  std::string text_;
};

}  // namespace spillway::config
