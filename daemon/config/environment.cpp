#include "daemon/config/environment.hpp"

#include "daemon/config/spelling.hpp"
#include "daemon/config/units.hpp"

#include <cstdlib>
#include <stdexcept>

namespace spillway::config {

namespace {

bool is_letter(char c) { return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || c == '_'; }

bool is_name(std::string_view text) {
  if (text.empty() || !is_letter(text.front())) return false;
  for (const char c : text) {
    if (!is_letter(c) && (c < '0' || c > '9')) return false;
  }
  return true;
}

Expanded look_up(std::string_view name, const Environment& environment) {
  if (!is_name(name)) {
    return EnvironmentError{in_backticks("${" + std::string(name) + "}") +
                            " does not name an environment variable: write `${NAME}` with letters, "
                            "digits and `_`, or `$${` for the characters themselves"};
  }
  auto value = environment(std::string(name));
  if (!value) {
    return EnvironmentError{"the environment variable " + in_backticks(name) +
                            " is not set: set it, or write the value instead of " +
                            in_backticks("${" + std::string(name) + "}")};
  }
  return Expanded(boost::system::in_place_value, *std::move(value));
}

}  // namespace

Environment process_environment() {
  return [](const std::string& name) -> std::optional<std::string> {
    const char* value = std::getenv(name.c_str());
    if (value == nullptr) return std::nullopt;
    return std::string(value);
  };
}

Expanded expand(std::string_view text, const Environment& environment) {
  std::string result;
  while (true) {
    const std::size_t start = text.find("${");
    if (start == std::string_view::npos) {
      return Expanded(boost::system::in_place_value, result.append(text));
    }
    if (start > 0 && text[start - 1] == '$') {
      result.append(text.substr(0, start - 1)).append("${");
      text.remove_prefix(start + 2);
      continue;
    }
    const std::size_t end = text.find('}', start);
    if (end == std::string_view::npos) {
      return EnvironmentError{in_backticks(text.substr(start)) +
                              " has no closing brace: write `${NAME}`, or `$${` for the characters "
                              "themselves"};
    }
    auto value = look_up(text.substr(start + 2, end - start - 2), environment);
    if (!value) return value.error();
    result.append(text.substr(0, start)).append(*value);
    if (result.size() > max_expanded) {
      return EnvironmentError{"the value becomes longer than " + size_to_string(max_expanded) +
                              " with its environment variables: check what they hold"};
    }
    text.remove_prefix(end + 1);
  }
}

void throw_exception_from_error(const EnvironmentError& error,
                                const boost::source_location& where) {
  (void)where;
  throw std::logic_error(error.message);
}

}  // namespace spillway::config
