#include "daemon/config/text_check.hpp"

#include <algorithm>
#include <array>
#include <cstdint>

namespace spillway::config {

namespace {

std::uint8_t octet(std::string_view text, std::size_t at) {
  return static_cast<std::uint8_t>(text[at]);
}

bool continues_character(char byte) { return (static_cast<unsigned char>(byte) & 0xC0U) == 0x80U; }

// What may follow a lead byte (RFC 3629, section 4): the second byte's range shuts out overlong
// forms, surrogates and what lies behind U+10FFFF.
struct Lead {
  std::uint8_t first, last;
  std::size_t length;
  std::uint8_t second_first, second_last;
};
constexpr auto leads = std::to_array<Lead>({{0xC2, 0xDF, 2, 0x80, 0xBF},
                                            {0xE0, 0xE0, 3, 0xA0, 0xBF},
                                            {0xE1, 0xEC, 3, 0x80, 0xBF},
                                            {0xED, 0xED, 3, 0x80, 0x9F},
                                            {0xEE, 0xEF, 3, 0x80, 0xBF},
                                            {0xF0, 0xF0, 4, 0x90, 0xBF},
                                            {0xF1, 0xF3, 4, 0x80, 0xBF},
                                            {0xF4, 0xF4, 4, 0x80, 0x8F}});

// The length of the character at `at`; 0 if it is none.
std::size_t character_length(std::string_view text, std::size_t at) {
  const std::uint8_t first = octet(text, at);
  if (first < 0x80) return 1;
  const auto lead = std::find_if(leads.begin(), leads.end(), [first](const Lead& candidate) {
    return first >= candidate.first && first <= candidate.last;
  });
  if (lead == leads.end() || lead->length > text.size() - at) return 0;
  const std::uint8_t second = octet(text, at + 1);
  if (second < lead->second_first || second > lead->second_last) return 0;
  for (std::size_t i = 2; i < lead->length; ++i) {
    if (!continues_character(text[at + i])) return 0;
  }
  return lead->length;
}

bool is_control(char c) {
  return (static_cast<unsigned char>(c) < 0x20 && c != '\t' && c != '\n' && c != '\r') || c == 0x7F;
}

std::string hex(char c) {
  constexpr std::string_view digits = "0123456789ABCDEF";
  const auto value = static_cast<unsigned char>(c);
  return {'0', 'x', digits[value >> 4U], digits[value & 0x0FU]};
}

// A tab before a line's first word; lines of blanks and comments may have them.
std::optional<Finding> check_indentation(std::string_view line, int number) {
  const std::size_t word = line.find_first_not_of(" \t\r");
  if (word == std::string_view::npos || line[word] == '#') return std::nullopt;
  const std::size_t tab = line.substr(0, word).find('\t');
  if (tab == std::string_view::npos) return std::nullopt;
  return Finding{{number, static_cast<int>(tab) + 1},
                 "a tab in the indentation: indent with spaces"};
}

std::optional<Finding> check_line(std::string_view line, int number) {
  Place place{number, 1};
  for (std::size_t at = 0; at < line.size(); ++place.column) {
    if (is_control(line[at])) {
      return Finding{place, "the byte " + hex(line[at]) +
                                " does not belong into a text file: is this the right file?"};
    }
    const std::size_t length = character_length(line, at);
    if (length == 0) {
      return Finding{place, "the byte " + hex(line[at]) + " is not UTF-8: save the file as UTF-8"};
    }
    at += length;
  }
  return check_indentation(line, number);
}

// The line that `text` starts with, which is taken from it.
std::string_view take_line(std::string_view& text) {
  const std::size_t end = text.find('\n');
  const std::string_view line = text.substr(0, end);
  text.remove_prefix(end == std::string_view::npos ? text.size() : end + 1);
  return line;
}

}  // namespace

std::optional<Finding> check_text(std::string_view text) {
  for (int number = 1; !text.empty(); ++number) {
    if (auto fault = check_line(take_line(text), number)) return fault;
  }
  return std::nullopt;
}

}  // namespace spillway::config
