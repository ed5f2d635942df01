#include "daemon/overflow/framing.hpp"

#include <cassert>
#include <cstring>
#include <utility>

namespace spillway::overflow {

Framing::Framing(const config::Framing& framing, std::size_t max_message)
    : rule_(rule_for(framing)), max_message_(max_message) {
  assert(max_message > 0);
}

bool Framing::has_messages() const { return !std::holds_alternative<config::NoFraming>(rule_); }

Framing::Rule Framing::rule_for(const config::Framing& framing) {
  struct {
    Rule operator()(const config::LineFraming&) const { return Delimiter("\n"); }
    Rule operator()(const config::DelimiterFraming& of) const { return Delimiter(of.delimiter); }
    Rule operator()(const config::NoFraming& as_it_is) const { return as_it_is; }
    Rule operator()(const config::LengthPrefixFraming& as_it_is) const { return as_it_is; }
    Rule operator()(const config::FixedFraming& as_it_is) const { return as_it_is; }
  } const rule;
  return std::visit(rule, framing);
}

Framing::Delimiter::Delimiter(std::string bytes) : bytes_(std::move(bytes)) {
  assert(!bytes_.empty() && bytes_.size() <= 64);
  // The borders are what a search for the delimiter in itself finds, from its second byte on; it
  // needs only those that it has found already.
  borders_.push_back(0);
  std::size_t matched = 0;
  for (const std::byte next : as_bytes(bytes_).subspan(1)) {
    matched = matched_after(next, matched);
    borders_.push_back(static_cast<std::uint8_t>(matched));
  }
}

Framing::Delimiter::Found Framing::Delimiter::search(Bytes piece, std::size_t matched) const {
  std::size_t at = 0;
  while (at < piece.size() && matched < bytes_.size()) {
    if (matched == 0) {
      const void* first = std::memchr(piece.data() + at, bytes_.front(), piece.size() - at);
      if (first == nullptr) return {.size = piece.size(), .matched = 0};
      at = static_cast<std::size_t>(static_cast<const std::byte*>(first) - piece.data());
    }
    matched = matched_after(piece[at], matched);
    ++at;
  }
  return {.size = at, .matched = matched};
}

std::size_t Framing::Delimiter::matched_after(std::byte next, std::size_t matched) const {
  const char byte = std::to_integer<char>(next);
  while (matched > 0 && bytes_[matched] != byte) matched = borders_[matched - 1];
  return bytes_[matched] == byte ? matched + 1 : 0;
}

}  // namespace spillway::overflow
