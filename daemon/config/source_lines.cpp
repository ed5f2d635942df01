#include "daemon/config/source_lines.hpp"

#include <algorithm>

namespace spillway::config {

namespace {

bool starts_character(char byte) { return (static_cast<unsigned char>(byte) & 0xC0U) != 0x80U; }

}  // namespace

SourceLines::SourceLines(std::string_view text) {
  while (!text.empty()) {
    const std::size_t end = text.find('\n');
    lines_.push_back(text.substr(0, end));
    text.remove_prefix(end == std::string_view::npos ? text.size() : end + 1);
  }
}

std::string_view SourceLines::line(int number) const {
  if (number < 1 || static_cast<std::size_t>(number) > lines_.size()) return {};
  return lines_[static_cast<std::size_t>(number) - 1];
}

Place SourceLines::in_characters(Place bytes) {
  const std::string_view text = line(bytes.line);
  // One pass per line: a line of half a million columns may hold as many values.
  const bool goes_on = bytes.line == last_bytes_.line && bytes.column >= last_bytes_.column;
  if (!goes_on) last_bytes_ = last_characters_ = {bytes.line, 1};
  const auto from = std::min(static_cast<std::size_t>(last_bytes_.column) - 1, text.size());
  const auto until = std::clamp(static_cast<std::size_t>(std::max(bytes.column, 1)) - 1, from,
                                std::max(from, text.size()));
  const std::string_view between = text.substr(from, until - from);
  const auto count = std::count_if(between.begin(), between.end(), starts_character);
  last_bytes_ = bytes;
  last_characters_.column += static_cast<int>(count);
  return last_characters_;
}

}  // namespace spillway::config
