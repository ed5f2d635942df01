// Which limits of the system's control groups bind this process.
#pragma once

#include <filesystem>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace spillway::config {

/// Where /proc/self/cgroup says that this process is: the path of the v2 hierarchy for an empty
/// `controller`, else of the v1 hierarchy that has it.
std::optional<std::string> cgroup_path(std::string_view cgroups, std::string_view controller);

/// Folders whose files limit this process. A limit binds all cgroups below it: the smallest counts.
struct CgroupFolders {
  enum class Version { v1, v2 };

  Version version;
  /// From the process's own up to the root. In a container the path may be the host's, and only
  /// the root is there.
  std::vector<std::filesystem::path> folders;
};

/// Those of a controller, "cpu" or "memory", where /proc/self/cgroup says `cgroups`.
CgroupFolders cgroup_folders(std::string_view cgroups, std::string_view controller);
/// The same for this process.
CgroupFolders cgroup_folders(std::string_view controller);

/// A file that the kernel makes up as it is read; empty if there is none.
std::string system_file(const std::filesystem::path& file);

/// The word that `text` starts with, behind blanks and line ends; it is taken from `text`.
std::string_view take_word(std::string_view& text);

}  // namespace spillway::config
