// How much memory this process can get.
#pragma once

#include <cstddef>
#include <optional>
#include <string_view>

namespace spillway::config {

struct MachineMemory {
  enum class Owner { machine, cgroup };

  std::size_t bytes;
  Owner owner;  // whose limit it is: the smaller one's
};

/// None where the system does not tell.
std::optional<MachineMemory> machine_memory();

/// The limit in bytes that `memory.max` of a cgroup v2 says, or `memory.limit_in_bytes` of a cgroup
/// v1; none for "max" and for what makes no sense. v1 has a number beyond all memory for no limit.
std::optional<std::size_t> memory_limit(std::string_view text);

/// `MemTotal` of /proc/meminfo in bytes.
std::optional<std::size_t> total_memory(std::string_view meminfo);

}  // namespace spillway::config
