// Prints a YAML file as JSON, for tests in a language that has no YAML: yaml_to_json FILE
#include <yaml-cpp/yaml.h>

#include <algorithm>
#include <cstddef>
#include <iostream>
#include <string>
#include <string_view>

namespace {

std::string quoted(const std::string& text) {
  YAML::Emitter emitter;
  emitter.SetStringFormat(YAML::DoubleQuoted);
  emitter.SetOutputCharset(YAML::EscapeAsJson);
  emitter << text;
  return emitter.c_str();
}

// As JSON writes one: -?(0|[1-9][0-9]*)(\.[0-9]+)?
bool is_number(std::string_view text) {
  const auto take_digits = [&text] {
    const std::size_t count = std::min(text.find_first_not_of("0123456789"), text.size());
    text.remove_prefix(count);
    return count;
  };
  if (text.starts_with('-')) text.remove_prefix(1);
  const bool starts_with_zero = text.starts_with('0');
  const std::size_t whole = take_digits();
  if (whole == 0 || (starts_with_zero && whole > 1)) return false;
  if (text.empty()) return true;
  if (!text.starts_with('.')) return false;
  text.remove_prefix(1);
  return take_digits() > 0 && text.empty();
}

// By YAML's core schema, which editors go by: a word without quotes may be more than text.
std::string scalar(const YAML::Node& node) {
  const std::string& text = node.Scalar();
  const bool is_plain = node.Tag() == "?";
  if (is_plain && (text == "true" || text == "false" || is_number(text))) return text;
  return quoted(text);
}

// NOLINTNEXTLINE(misc-no-recursion): as deep as the file
std::string json(const YAML::Node& node) {
  if (node.IsNull()) return "null";
  if (node.IsScalar()) return scalar(node);
  std::string text;
  for (const auto& item : node) {
    if (!text.empty()) text += ", ";
    text += node.IsMap() ? quoted(item.first.Scalar()) + ": " + json(item.second) : json(item);
  }
  return node.IsMap() ? '{' + text + '}' : '[' + text + ']';
}

}  // namespace

int main(int argc, char** argv) {
  if (argc != 2) return 2;
  try {
    std::cout << json(YAML::LoadFile(argv[1])) << '\n';
  } catch (const YAML::Exception& error) {
    std::cerr << argv[1] << ": " << error.what() << '\n';
    return 1;
  }
}
