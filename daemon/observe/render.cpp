#include "daemon/observe/render.hpp"

#include <algorithm>
#include <charconv>
#include <cstdint>
#include <string_view>

namespace spillway::observe {

namespace {

constexpr std::size_t typical_line = 768;
constexpr std::string_view hex_digits = "0123456789abcdef";

constexpr auto byte_at = [](std::string_view text, std::size_t index) {
  return static_cast<unsigned char>(text[index]);
};

/// The length of the valid UTF-8 sequence at the start of `text` (RFC 3629: no overlong forms, no
/// surrogates), 0 if there is none. REQUIRES: not empty.
std::size_t utf8_sequence(std::string_view text) {
  const unsigned lead = byte_at(text, 0);
  if (lead < 0x80) return 1;
  if (lead < 0xc2 || lead > 0xf4) return 0;
  const std::size_t length = lead < 0xe0 ? 2 : lead < 0xf0 ? 3 : 4;
  if (text.size() < length) return 0;
  for (std::size_t i = 1; i < length; ++i) {
    if ((byte_at(text, i) & 0xc0) != 0x80) return 0;
  }
  const unsigned second = byte_at(text, 1);
  const bool overlong = (lead == 0xe0 && second < 0xa0) || (lead == 0xf0 && second < 0x90);
  const bool out_of_range = (lead == 0xed && second > 0x9f) || (lead == 0xf4 && second > 0x8f);
  return overlong || out_of_range ? 0 : length;
}

/// Control characters, among them DEL and the C1 set (U+0080 to U+009F), which terminals obey too.
bool is_control(std::string_view sequence) {
  const unsigned lead = byte_at(sequence, 0);
  return lead < 0x20 || lead == 0x7f || (lead == 0xc2 && byte_at(sequence, 1) < 0xa0);
}

bool is_plain(char c) { return c >= ' ' && c < 0x7f && c != '"' && c != '\\'; }

/// Moves what stands for itself within quotes, in either format, from the start of `value` to the
/// line: nearly always all of it, and at once.
void append_plain(std::string& line, std::string_view& value) {
  const auto end = std::ranges::find_if_not(value, is_plain);
  const auto size = static_cast<std::size_t>(end - value.begin());
  line.append(value, 0, size);
  value.remove_prefix(size);
}

void append_hex(std::string& line, unsigned byte) {
  line += hex_digits[byte >> 4U];
  line += hex_digits[byte & 0xfU];
}

void append_text_escape(std::string& line, std::string_view sequence) {
  switch (sequence.front()) {
    case '\n':
      line += "\\n";
      return;
    case '\r':
      line += "\\r";
      return;
    case '\t':
      line += "\\t";
      return;
    default:
      break;
  }
  for (std::size_t i = 0; i < sequence.size(); ++i) {
    line += "\\x";
    append_hex(line, byte_at(sequence, i));
  }
}

void append_json_escape(std::string& line, std::string_view sequence) {
  const bool two_bytes = sequence.size() == 2;
  line += "\\u00";
  append_hex(line, byte_at(sequence, two_bytes ? 1 : 0));
}

void append_quoted_text(std::string& line, std::string_view value) {
  line += '"';
  for (append_plain(line, value); !value.empty(); append_plain(line, value)) {
    const std::size_t valid = utf8_sequence(value);
    const std::string_view sequence = value.substr(0, valid == 0 ? 1 : valid);
    if (sequence == "\"" || sequence == "\\") {
      line += '\\';
      line += sequence;
    } else if (valid == 0 || is_control(sequence)) {
      append_text_escape(line, sequence);
    } else {
      line += sequence;
    }
    value.remove_prefix(sequence.size());
  }
  line += '"';
}

bool needs_quotes(std::string_view value) {
  const auto stands_alone = [](char c) { return is_plain(c) && c != ' ' && c != '='; };
  return value.empty() || !std::ranges::all_of(value, stands_alone);
}

template <typename Integer>
void append_integer(std::string& line, Integer value) {
  char digits[24];
  const auto end = std::to_chars(digits, digits + sizeof digits, value).ptr;
  line.append(digits, end);
}

void append_scalar(std::string& line, bool value) { line += value ? "true" : "false"; }
void append_scalar(std::string& line, std::int64_t value) { append_integer(line, value); }
void append_scalar(std::string& line, std::uint64_t value) { append_integer(line, value); }

}  // namespace

void append_json_string(std::string& line, std::string_view value) {
  line += '"';
  for (append_plain(line, value); !value.empty(); append_plain(line, value)) {
    const std::size_t valid = utf8_sequence(value);
    const std::string_view sequence = value.substr(0, valid == 0 ? 1 : valid);
    if (valid == 0) {
      line += "\\ufffd";
    } else if (sequence == "\"" || sequence == "\\") {
      line += '\\';
      line += sequence;
    } else if (is_control(sequence)) {
      append_json_escape(line, sequence);
    } else {
      line += sequence;
    }
    value.remove_prefix(sequence.size());
  }
  line += '"';
}

namespace {

struct TextValue {
  std::string& line;
  void operator()(const std::string& value) const {
    if (needs_quotes(value)) return append_quoted_text(line, value);
    line += value;
  }
  void operator()(auto value) const { append_scalar(line, value); }
};

struct JsonValue {
  std::string& line;
  void operator()(const std::string& value) const { append_json_string(line, value); }
  void operator()(auto value) const { append_scalar(line, value); }
};

}  // namespace

std::string render_text(const Event& event) {
  std::string line;
  line.reserve(typical_line);
  line += event.name();
  for (const Event::Field& field : event.fields()) {
    line += ' ';
    line += field.key;
    line += '=';
    std::visit(TextValue{line}, field.value);
  }
  return line;
}

// The name and the keys are literals, and need no escapes.
std::string render_json(const Event& event) {
  std::string line;
  line.reserve(typical_line);
  line += "\"event\":\"";
  line += event.name();
  line += '"';
  for (const Event::Field& field : event.fields()) {
    line += ",\"";
    line += field.key;
    line += "\":";
    std::visit(JsonValue{line}, field.value);
  }
  return line;
}

}  // namespace spillway::observe
