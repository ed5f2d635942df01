// Files with one fault each.
#pragma once

#include "tests/daemon/config/config_folder.hpp"

#include <gmock/gmock.h>

#include <algorithm>
#include <ostream>
#include <string>
#include <vector>

namespace spillway::test {

struct Broken {
  std::string name;
  std::string text;
  /// How the only line about it starts, and what else it says.
  std::string start;
  std::string words;
};

inline void PrintTo(const Broken& broken, std::ostream* out) { *out << broken.name; }

// A good file but for its first lines.
inline std::string before_route(const std::string& lines) {
  return lines + "\nroutes: [{name: a, listen: \"127.0.0.1:0\", echo: true}]\n";
}

// A good echo route but for its lines from the fifth on.
inline std::string in_route(const std::string& lines) {
  return "routes:\n  - name: a\n    listen: 127.0.0.1:0\n    echo: true\n    " + lines + "\n";
}

inline void expect_only_fault(const Broken& broken) {
  ConfigFolder folder;
  folder.add_certificate("good");
  folder.add_certificate("other");
  const std::string told = folder.faults(broken.text);
  EXPECT_THAT(told, testing::StartsWith(broken.start));
  EXPECT_THAT(told, testing::HasSubstr(broken.words));
  EXPECT_EQ(std::count(told.begin(), told.end(), '\n'), 1) << told;
}

inline std::string name_of(const testing::TestParamInfo<Broken>& info) { return info.param.name; }

}  // namespace spillway::test
