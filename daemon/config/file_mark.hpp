// Which state of a file was read.
#pragma once

#include <compare>
#include <cstdint>
#include <map>
#include <string>

namespace spillway::config {

/// Shows that a file is another one, or was written anew. All 0 where there is none.
struct FileMark {
  std::uint64_t device = 0;
  std::uint64_t node = 0;
  std::int64_t size = 0;
  std::int64_t modified_ns = 0;
  std::int64_t changed_ns = 0;
  auto operator<=>(const FileMark&) const = default;
};

/// By path.
using FileMarks = std::map<std::string, FileMark>;

/// Of what the path leads to now.
FileMark mark_of(const std::string& path);

}  // namespace spillway::config
