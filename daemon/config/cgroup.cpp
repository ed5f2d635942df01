#include "daemon/config/cgroup.hpp"

#include <algorithm>
#include <fstream>
#include <sstream>

namespace spillway::config {

namespace {

namespace fs = std::filesystem;

std::vector<fs::path> up_to_the_root(const fs::path& root, std::string_view path) {
  std::vector<fs::path> folders;
  for (fs::path below = fs::path(path).relative_path();; below = below.parent_path()) {
    folders.push_back(root / below);
    if (below.empty()) return folders;
  }
}

}  // namespace

std::optional<std::string> cgroup_path(std::string_view cgroups, std::string_view controller) {
  // A line is ID:CONTROLLER,CONTROLLER:PATH.
  for (std::string_view line = take_word(cgroups); !line.empty(); line = take_word(cgroups)) {
    const std::size_t first = line.find(':');
    const std::size_t second = line.find(':', std::min(first, line.size() - 1) + 1);
    if (first == line.npos || second == line.npos) continue;
    const std::string_view controllers = line.substr(first + 1, second - first - 1);
    const std::string listed = ',' + std::string(controllers) + ',';
    const bool found = controller.empty()
                           ? controllers.empty()
                           : listed.find(',' + std::string(controller) + ',') != listed.npos;
    if (found) return std::string(line.substr(second + 1));
  }
  return std::nullopt;
}

CgroupFolders cgroup_folders(std::string_view cgroups, std::string_view controller) {
  const fs::path root = "/sys/fs/cgroup";
  if (const auto path = cgroup_path(cgroups, controller)) {
    return {CgroupFolders::Version::v1, up_to_the_root(root / controller, *path)};
  }
  return {CgroupFolders::Version::v2, up_to_the_root(root, cgroup_path(cgroups, "").value_or("/"))};
}

CgroupFolders cgroup_folders(std::string_view controller) {
  return cgroup_folders(system_file("/proc/self/cgroup"), controller);
}

std::string system_file(const fs::path& file) {
  std::ostringstream text;
  text << std::ifstream(file).rdbuf();
  return text.str();
}

std::string_view take_word(std::string_view& text) {
  constexpr std::string_view space = " \t\n";
  text.remove_prefix(std::min(text.find_first_not_of(space), text.size()));
  const std::string_view word = text.substr(0, text.find_first_of(space));
  text.remove_prefix(word.size());
  return word;
}

}  // namespace spillway::config
