#include "bench/load/process_sample.hpp"

#include "bench/load/failure.hpp"

#include <ctime>
#include <fstream>
#include <string>

namespace load {

namespace {

CpuTime read_clock(clockid_t clock) {
  timespec time{};
  if (clock_gettime(clock, &time) != 0) throw Failure(with_errno("clock_gettime"));
  return std::chrono::seconds(time.tv_sec) + std::chrono::nanoseconds(time.tv_nsec);
}

std::uint64_t pss_kib_of(pid_t process) {
  const std::string path = "/proc/" + std::to_string(process) + "/smaps_rollup";
  std::ifstream file(path);
  for (std::string key; file >> key;) {
    std::uint64_t kib = 0;
    if (key == "Pss:" && file >> kib) return kib;
  }
  throw Failure("--cpu-of " + std::to_string(process) +
                ": no such process, or not this user's (cannot read " + path + ")");
}

}  // namespace

CpuTime cpu_time_of(const std::vector<pid_t>& processes) {
  CpuTime sum{};
  for (const pid_t process : processes) {
    clockid_t clock{};
    if (clock_getcpuclockid(process, &clock) != 0) {
      throw Failure("--cpu-of " + std::to_string(process) + ": there is no such process");
    }
    sum += read_clock(clock);
  }
  return sum;
}

CpuTime own_cpu_time() { return read_clock(CLOCK_PROCESS_CPUTIME_ID); }

std::uint64_t pss_kib_of(const std::vector<pid_t>& processes) {
  std::uint64_t sum = 0;
  for (const pid_t process : processes) sum += pss_kib_of(process);
  return sum;
}

}  // namespace load
