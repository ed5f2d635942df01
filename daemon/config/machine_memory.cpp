#include "daemon/config/machine_memory.hpp"

#include "daemon/config/cgroup.hpp"

#include <charconv>
#include <limits>

namespace spillway::config {

namespace {

std::optional<std::size_t> number(std::string_view word) {
  std::size_t value = 0;
  const char* end = word.data() + word.size();
  const auto parsed = std::from_chars(word.data(), end, value);
  if (parsed.ec != std::errc() || parsed.ptr != end) return std::nullopt;
  return value;
}

std::optional<std::size_t> smallest_limit(const CgroupFolders& cgroup) {
  const char* file =
      cgroup.version == CgroupFolders::Version::v1 ? "memory.limit_in_bytes" : "memory.max";
  std::optional<std::size_t> smallest;
  for (const auto& folder : cgroup.folders) {
    const auto limit = memory_limit(system_file(folder / file));
    if (limit && (!smallest || *limit < *smallest)) smallest = limit;
  }
  return smallest;
}

}  // namespace

std::optional<MachineMemory> machine_memory() {
  using Owner = MachineMemory::Owner;
  const auto machine = total_memory(system_file("/proc/meminfo"));
  const auto cgroup = smallest_limit(cgroup_folders("memory"));
  if (cgroup && (!machine || *cgroup < *machine)) return MachineMemory{*cgroup, Owner::cgroup};
  if (machine) return MachineMemory{*machine, Owner::machine};
  return std::nullopt;
}

std::optional<std::size_t> memory_limit(std::string_view text) { return number(take_word(text)); }

std::optional<std::size_t> total_memory(std::string_view meminfo) {
  constexpr std::size_t kib = 1024;
  for (std::string_view word = take_word(meminfo); !word.empty(); word = take_word(meminfo)) {
    if (word != "MemTotal:") continue;
    const auto size = number(take_word(meminfo));
    if (!size || take_word(meminfo) != "kB") return std::nullopt;
    if (*size > std::numeric_limits<std::size_t>::max() / kib) return std::nullopt;
    return *size * kib;
  }
  return std::nullopt;
}

}  // namespace spillway::config
