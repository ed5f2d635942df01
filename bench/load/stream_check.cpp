#include "bench/load/stream_check.hpp"

#include <algorithm>
#include <cstring>
#include <sstream>

namespace load {

namespace {

std::string in_hex(Bytes bytes) {
  constexpr std::size_t most = 8;
  std::ostringstream text;
  text << std::hex;
  for (const std::byte byte : bytes.first(std::min(bytes.size(), most))) {
    text << (byte < std::byte{16} ? "0" : "") << std::to_integer<int>(byte);
  }
  return text.str();
}

}  // namespace

std::optional<std::string> StreamCheck::compare(Bytes bytes) {
  const Bytes expected = pattern_->at(start_ + position_, bytes.size());
  if (std::memcmp(bytes.data(), expected.data(), bytes.size()) == 0) {
    position_ += bytes.size();
    return std::nullopt;
  }
  const auto differing = std::ranges::mismatch(bytes, expected).in1 - bytes.begin();
  const auto offset = static_cast<std::size_t>(differing);
  return "wrong bytes at position " + std::to_string(position_ + offset) + ": expected " +
         in_hex(expected.subspan(offset)) + ", got " + in_hex(bytes.subspan(offset));
}

}  // namespace load
