// Prints a YAML file as JSON, for tests in a language that has no YAML: yaml_to_json FILE
#include <yaml-cpp/yaml.h>

#include <iostream>
#include <regex>
#include <string>

namespace {

std::string quoted(const std::string& text) {
  YAML::Emitter emitter;
  emitter.SetStringFormat(YAML::DoubleQuoted);
  emitter.SetOutputCharset(YAML::EscapeAsJson);
  emitter << text;
  return emitter.c_str();
}

// By YAML's core schema, which editors go by: a word without quotes may be more than text.
std::string scalar(const YAML::Node& node) {
  static const std::regex number("-?(0|[1-9][0-9]*)(\\.[0-9]+)?");
  const std::string& text = node.Scalar();
  const bool is_plain = node.Tag() == "?";
  if (is_plain && (text == "true" || text == "false" || std::regex_match(text, number))) {
    return text;
  }
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
