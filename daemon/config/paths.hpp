// Paths as the configuration has them.
#pragma once

#include <filesystem>
#include <string>

namespace spillway::config {

/// `path` as it is found from `folder` (absolute), without `.` and `..`. An absolute path stays.
inline std::string absolute_path(const std::filesystem::path& folder, const std::string& path) {
  return (folder / path).lexically_normal().string();
}

}  // namespace spillway::config
