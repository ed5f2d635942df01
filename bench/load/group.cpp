#include "bench/load/group.hpp"

#include "bench/load/failure.hpp"
#include "bench/load/number.hpp"
#include "bench/load/pattern.hpp"
#include "bench/load/split.hpp"

#include <algorithm>
#include <sstream>
#include <vector>

namespace load {

namespace {

constexpr std::size_t most_connections = 100'000;

std::string all_kinds() {
  std::string result;
  for (const std::string_view kind : kind_names) {
    if (!result.empty()) result += ", ";
    result += kind;
  }
  return result;
}

WrongUsage objection(const std::string& text, const std::string& words) {
  return WrongUsage("--group " + text + ": " + words);
}

std::size_t count(const std::string& text, const std::string& part, const char* what,
                  std::size_t most) {
  const auto result = number<std::size_t>(part);
  if (result && *result >= 1 && *result <= most) return *result;
  throw objection(text, std::string(what) + " must be a number from 1 to " + std::to_string(most) +
                            ", not \"" + part + "\"");
}

bool has_size(Kind kind) { return kind == Kind::echo || kind == Kind::pingpong; }

std::size_t default_bytes(Kind kind) {
  switch (kind) {
    case Kind::echo:
      return 64 * 1024;
    case Kind::pingpong:
    case Kind::churn:
      return 64;
    default:
      return 0;
  }
}

}  // namespace

Group Group::parse(const std::string& text) {
  const std::vector<std::string> parts = split(text, ':');
  const auto kind = std::ranges::find(kind_names, parts[0]);
  if (kind == kind_names.end()) {
    throw objection(text, "no kind \"" + parts[0] + "\"; there are " + all_kinds());
  }
  if (parts.size() < 2 || parts.size() > 3) throw objection(text, "want KIND:CONNECTIONS[:BYTES]");
  Group result{static_cast<Kind>(kind - kind_names.begin()), 0, 0};
  result.connections = count(text, parts[1], "CONNECTIONS", most_connections);
  result.bytes = default_bytes(result.kind);
  if (parts.size() == 3) {
    if (!has_size(result.kind)) throw objection(text, "only echo and pingpong take BYTES");
    result.bytes = count(text, parts[2], "BYTES", Pattern::most);
  }
  return result;
}

std::string Group::text() const {
  std::ostringstream result;
  result << name(kind) << ":" << connections;
  if (has_size(kind)) result << ":" << bytes;
  return result.str();
}

}  // namespace load
