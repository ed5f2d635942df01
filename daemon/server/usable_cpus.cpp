#include "daemon/server/usable_cpus.hpp"

#include <sched.h>

#include <algorithm>
#include <charconv>
#include <cmath>
#include <filesystem>
#include <fstream>
#include <functional>
#include <sstream>
#include <thread>

namespace spillway::server {

namespace {

namespace fs = std::filesystem;

using Quota = std::optional<double>;

std::string_view next_word(std::string_view& text) {
  constexpr std::string_view space = " \t\n";
  text.remove_prefix(std::min(text.find_first_not_of(space), text.size()));
  const std::string_view word = text.substr(0, text.find_first_of(space));
  text.remove_prefix(word.size());
  return word;
}

std::optional<long long> number(std::string_view word) {
  long long value = 0;
  const auto end = word.data() + word.size();
  const auto parsed = std::from_chars(word.data(), end, value);
  if (parsed.ec != std::errc() || parsed.ptr != end) return std::nullopt;
  return value;
}

Quota ratio(std::string_view quota, std::string_view period) {
  const auto quota_us = number(quota);
  const auto period_us = number(period);
  if (!quota_us || !period_us || *quota_us <= 0 || *period_us <= 0) return std::nullopt;
  return static_cast<double>(*quota_us) / static_cast<double>(*period_us);
}

std::string content(const fs::path& file) {
  std::ostringstream text;
  text << std::ifstream(file).rdbuf();
  return text.str();
}

/// A quota binds all cgroups below it: the smallest from `path` up to the root counts. In a
/// container the path may be the host's, and only the root is there.
Quota smallest_quota(const fs::path& root, std::string_view path,
                     const std::function<Quota(const fs::path& folder)>& read) {
  Quota smallest;
  fs::path below = fs::path(path).relative_path();
  while (true) {
    const Quota quota = read(root / below);
    if (quota && (!smallest || *quota < *smallest)) smallest = quota;
    if (below.empty()) return smallest;
    below = below.parent_path();
  }
}

Quota cgroup_quota() {
  const fs::path root = "/sys/fs/cgroup";
  const std::string cgroups = content("/proc/self/cgroup");
  if (const auto path = cgroup_path(cgroups, "cpu")) {
    return smallest_quota(root / "cpu", *path, [](const fs::path& folder) {
      return quota_v1(content(folder / "cpu.cfs_quota_us"), content(folder / "cpu.cfs_period_us"));
    });
  }
  const auto path = cgroup_path(cgroups, "");
  return smallest_quota(root, path.value_or("/"), [](const fs::path& folder) {
    return quota_v2(content(folder / "cpu.max"));
  });
}

unsigned affinity_cpus() {
  cpu_set_t mask;
  CPU_ZERO(&mask);
  // Fails where the machine has more CPUs than the mask has bits.
  if (sched_getaffinity(0, sizeof mask, &mask) != 0) return std::thread::hardware_concurrency();
  return static_cast<unsigned>(CPU_COUNT(&mask));
}

}  // namespace

unsigned usable_cpus() {
  double cpus = affinity_cpus();
  if (const Quota quota = cgroup_quota()) cpus = std::min(cpus, std::ceil(*quota));
  return static_cast<unsigned>(std::max(cpus, 1.0));
}

std::optional<double> quota_v2(std::string_view cpu_max) {
  const std::string_view quota = next_word(cpu_max);
  return ratio(quota, next_word(cpu_max));
}

std::optional<double> quota_v1(std::string_view quota_us, std::string_view period_us) {
  return ratio(next_word(quota_us), next_word(period_us));
}

std::optional<std::string> cgroup_path(std::string_view cgroups, std::string_view controller) {
  // A line is ID:CONTROLLER,CONTROLLER:PATH.
  for (std::string_view line = next_word(cgroups); !line.empty(); line = next_word(cgroups)) {
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

}  // namespace spillway::server
