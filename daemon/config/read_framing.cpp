#include "daemon/config/read_framing.hpp"

#include "daemon/config/section.hpp"
#include "daemon/config/units.hpp"
#include "daemon/config/words.hpp"

#include <algorithm>
#include <array>
#include <string>
#include <vector>

namespace spillway::config {

namespace {

constexpr std::size_t max_delimiter = 64;

constexpr std::string_view takes =
    "`none`, `line`, or a map such as `{delimiter: \"\\r\\n\"}`, `{length_prefix: {bytes: 4}}` or "
    "`{fixed: 128}`";

struct Example {
  std::string_view key;
  std::string_view text;
};
constexpr auto examples =
    std::to_array<Example>({{"delimiter", "framing: {delimiter: \"\\r\\n\"}"},
                            {"length_prefix", "framing: {length_prefix: {bytes: 4}}"},
                            {"fixed", "framing: {fixed: 128}"}});

Framing read_word(const Value& value) {
  const std::string* word = value.text(takes);
  if (word == nullptr) return NoFraming{};
  if (const auto known = meaning(plain_framings, *word)) return to_framing(*known);
  const auto* example = std::find_if(examples.begin(), examples.end(),
                                     [word](const Example& one) { return one.key == *word; });
  if (example != examples.end()) {
    value.refuse("is not enough: write for instance " + in_backticks(example->text));
  } else if (const auto meant = nearest(*word, texts(plain_framings))) {
    value.refuse("is not known: did you mean " + in_backticks(*meant) + "?");
  } else {
    value.refuse("is not known: write " + std::string(takes));
  }
  return NoFraming{};
}

// `\n` without double quotes is two characters: the messages of that route would never end.
bool has_idle_escape(const Value& value, const std::string& text) {
  const std::size_t backslash = text.find('\\');
  return !value.has_escapes() && backslash < text.size() - 1;
}

DelimiterFraming read_delimiter(const Value& value) {
  DelimiterFraming framing;
  const std::string* bytes = value.text("the bytes that end a message, such as `\"\\r\\n\"`");
  if (bytes == nullptr) return framing;
  if (bytes->empty()) {
    value.refuse("is empty: write the bytes that end a message, such as `\"\\r\\n\"`");
  } else if (bytes->size() > max_delimiter) {
    value.refuse("is too long: write at most " + std::to_string(max_delimiter) + " bytes");
  } else if (has_idle_escape(value, *bytes)) {
    value.refuse("has a backslash, which means itself here: write " +
                 in_backticks('"' + *bytes + '"') + " in double quotes");
  } else {
    framing.delimiter = *bytes;
  }
  return framing;
}

LengthPrefixFraming read_length_prefix(const Value& value) {
  LengthPrefixFraming framing;
  auto section =
      Section::open(value, "keys such as `{bytes: 4, endian: big, includes_header: false}`");
  if (!section) return framing;
  framing.bytes = (*section)["bytes"].choice(length_sizes, framing.bytes);
  framing.order = (*section)["endian"].choice(byte_orders, framing.order);
  framing.includes_header = (*section)["includes_header"].boolean(framing.includes_header);
  section->refuse_others();
  return framing;
}

bool is_number(const std::string& text) {
  return !text.empty() && text.find_first_not_of("0123456789") == std::string::npos;
}

// A count of bytes needs no unit where it is the layout of a message and no amount of memory.
FixedFraming read_fixed(const Value& value) {
  FixedFraming framing;
  const std::string* text = value.text("the size of a message, such as `128` bytes");
  if (text == nullptr) return framing;
  const auto size = parse_size(is_number(*text) ? *text + 'B' : *text);
  if (!size) {
    value.refuse(size.error().message);
  } else if (*size == 0) {
    value.refuse("leaves nothing of a message: write for instance `128`");
  } else if (*size > largest_message) {
    value.refuse("is too large: write at most " + in_backticks(size_to_string(largest_message)));
  } else {
    framing.size = *size;
  }
  return framing;
}

// Of several kinds the first one in the file counts, and the next one is the fault.
void refuse_second(const Places& places, std::vector<const Value*> given) {
  if (given.size() < 2) return;
  std::stable_sort(given.begin(), given.end(), [&places](const Value* one, const Value* other) {
    return places.find(one->path()) < places.find(other->path());
  });
  given[1]->refuse_key("and " + in_backticks(given[0]->path().last()) +
                       " exclude each other: keep one of the two");
}

Framing read_map(const Value& value, const Node::Map& entries) {
  Section section(value.reading(), value.path(), value.place(), entries);
  const Value delimiter = section["delimiter"];
  const Value length_prefix = section["length_prefix"];
  const Value fixed = section["fixed"];
  std::vector<const Value*> given;
  for (const Value* kind : {&delimiter, &length_prefix, &fixed}) {
    if (kind->given()) given.push_back(kind);
  }
  refuse_second(value.reading().places, given);
  section.refuse_others();
  if (entries.empty()) value.explain("an empty map says nothing: write " + std::string(takes));
  // Its other keys are told, and that it has no framing follows from them.
  if (given.empty()) value.reading().places.note_fault(value.path());
  if (delimiter.given()) return read_delimiter(delimiter);
  if (length_prefix.given()) return read_length_prefix(length_prefix);
  if (fixed.given()) return read_fixed(fixed);
  return NoFraming{};
}

}  // namespace

Framing read_framing(const Value& value) {
  if (const Node::Map* entries = value.as_map()) return read_map(value, *entries);
  return read_word(value);
}

}  // namespace spillway::config
