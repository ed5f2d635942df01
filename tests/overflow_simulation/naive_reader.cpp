#include "tests/overflow_simulation/naive_reader.hpp"

#include <algorithm>
#include <cstdint>
#include <utility>
#include <variant>

namespace spillway::overflow_simulation {

std::vector<std::size_t> NaiveReader::read(std::string_view piece) {
  stream_ += piece;
  std::vector<std::size_t> ends;
  while (in_message()) {
    const auto size = first_of(std::string_view(stream_).substr(begin_));
    if (!size) break;
    begin_ += *size;
    searched_ = 0;
    ends.push_back(begin_);
  }
  return ends;
}

std::optional<std::size_t> NaiveReader::first_of(std::string_view left) {
  if (std::holds_alternative<config::NoFraming>(framing_)) return left.size();
  if (std::holds_alternative<config::LineFraming>(framing_)) return first_ended_by("\n", left);
  if (const auto* end = std::get_if<config::DelimiterFraming>(&framing_)) {
    return first_ended_by(end->delimiter, left);
  }
  if (const auto* fixed = std::get_if<config::FixedFraming>(&framing_)) {
    return left.size() < fixed->size ? std::nullopt : std::optional(fixed->size);
  }
  return first_of(std::get<config::LengthPrefixFraming>(framing_), left);
}

std::optional<std::size_t> NaiveReader::first_ended_by(std::string_view end,
                                                       std::string_view left) {
  const std::string_view allowed = left.substr(0, max_message_);
  const std::size_t begin = allowed.find(end, searched_);
  if (begin != std::string_view::npos) return begin + end.size();
  if (left.size() >= max_message_) bad_ = Bad::too_big;
  searched_ = left.size() < end.size() ? 0 : left.size() - end.size() + 1;
  return std::nullopt;
}

std::optional<std::size_t> NaiveReader::first_of(const config::LengthPrefixFraming& prefix,
                                                 std::string_view left) {
  if (left.size() < prefix.bytes) return std::nullopt;
  std::string digits(left.substr(0, prefix.bytes));
  if (prefix.order == config::ByteOrder::little) std::ranges::reverse(digits);
  std::uint64_t length = 0;
  for (const char digit : digits) length = length * 256 + static_cast<unsigned char>(digit);
  if (prefix.includes_header && length < prefix.bytes) bad_ = Bad::bad_length;
  const std::uint64_t payload = prefix.includes_header ? length - prefix.bytes : length;
  if (!bad_ && (payload > max_message_ || payload + prefix.bytes > max_message_)) {
    bad_ = Bad::too_big;
  }
  if (bad_ || left.size() < prefix.bytes + payload) return std::nullopt;
  return prefix.bytes + payload;
}

}  // namespace spillway::overflow_simulation
