// What the processes under load have used.
#pragma once

#include <sys/types.h>

#include <chrono>
#include <cstdint>
#include <vector>

namespace load {

using CpuTime = std::chrono::nanoseconds;

/// Of all threads in user and kernel mode, since each process began; to the nanosecond, which the
/// ticks of /proc/PID/stat are not. THROWS: Failure, if one does not exist.
CpuTime cpu_time_of(const std::vector<pid_t>& processes);
CpuTime own_cpu_time();
/// Proportional set size of all. THROWS: Failure, if one cannot be read.
std::uint64_t pss_kib_of(const std::vector<pid_t>& processes);

}  // namespace load
