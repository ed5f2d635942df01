#include "daemon/server/usable_cpus.hpp"

#include "daemon/config/cgroup.hpp"

#include <sched.h>

#include <algorithm>
#include <charconv>
#include <cmath>
#include <filesystem>
#include <thread>

namespace spillway::server {

namespace {

using config::CgroupFolders;
using config::system_file;
using config::take_word;
using Quota = std::optional<double>;

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

Quota quota_in(const std::filesystem::path& folder, CgroupFolders::Version version) {
  if (version == CgroupFolders::Version::v2) return quota_v2(system_file(folder / "cpu.max"));
  return quota_v1(system_file(folder / "cpu.cfs_quota_us"),
                  system_file(folder / "cpu.cfs_period_us"));
}

Quota cgroup_quota() {
  const CgroupFolders cgroup = config::cgroup_folders("cpu");
  Quota smallest;
  for (const auto& folder : cgroup.folders) {
    const Quota quota = quota_in(folder, cgroup.version);
    if (quota && (!smallest || *quota < *smallest)) smallest = quota;
  }
  return smallest;
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
  const std::string_view quota = take_word(cpu_max);
  return ratio(quota, take_word(cpu_max));
}

std::optional<double> quota_v1(std::string_view quota_us, std::string_view period_us) {
  return ratio(take_word(quota_us), take_word(period_us));
}

}  // namespace spillway::server
