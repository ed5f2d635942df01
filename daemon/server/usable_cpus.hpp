// How many CPUs this process may really use.
#pragma once

#include <optional>
#include <string_view>

namespace spillway::server {

/// CPUs of the affinity mask, or as many as the cgroup's quota pays for if that is less (a part of
/// a CPU counts as one). At least 1.
unsigned usable_cpus();

/// The quota in CPUs that `cpu.max` of a cgroup v2 says ("150000 100000": 1.5); none for "max" and
/// for what makes no sense.
std::optional<double> quota_v2(std::string_view cpu_max);

/// The same from `cpu.cfs_quota_us` (-1 = none) and `cpu.cfs_period_us` of a cgroup v1.
std::optional<double> quota_v1(std::string_view quota_us, std::string_view period_us);

}  // namespace spillway::server
