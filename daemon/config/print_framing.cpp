#include "daemon/config/print_framing.hpp"

#include "daemon/config/words.hpp"

#include <string_view>

namespace spillway::config {

namespace {

std::string in_hex(unsigned char byte) {
  constexpr std::string_view digits = "0123456789ABCDEF";
  return {'\\', 'x', digits[byte >> 4U], digits[byte & 0x0FU]};
}

// Bytes behind ASCII are shown as such: how many there are is what matters in a delimiter.
std::string escaped(char c) {
  const auto byte = static_cast<unsigned char>(c);
  if (c == '\r') return "\\r";
  if (c == '\n') return "\\n";
  if (c == '\t') return "\\t";
  if (c == '"' || c == '\\') return {'\\', c};
  return byte < 0x20 || byte >= 0x7F ? in_hex(byte) : std::string(1, c);
}

std::string words(const NoFraming&) {
  return std::string(word_for(plain_framings, PlainFraming::none));
}

std::string words(const LineFraming&) {
  return std::string(word_for(plain_framings, PlainFraming::line));
}

std::string words(const DelimiterFraming& framing) {
  std::string text = "{delimiter: \"";
  for (const char c : framing.delimiter) text += escaped(c);
  return text + "\"}";
}

std::string words(const LengthPrefixFraming& framing) {
  return "{length_prefix: {bytes: " + std::to_string(framing.bytes) +
         ", endian: " + std::string(word_for(byte_orders, framing.order)) +
         ", includes_header: " + (framing.includes_header ? "true" : "false") + "}}";
}

std::string words(const FixedFraming& framing) {
  return "{fixed: " + std::to_string(framing.size) + '}';
}

}  // namespace

std::string print_framing(const Framing& framing) {
  return std::visit([](const auto& one) { return words(one); }, framing);
}

}  // namespace spillway::config
