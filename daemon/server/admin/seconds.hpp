// Times as numbers, in the unit of all that is told here.
#pragma once

#include <chrono>

namespace spillway::server::admin {

constexpr double seconds(std::chrono::nanoseconds duration) {
  return std::chrono::duration<double>(duration).count();
}

/// Since 1970, in whole milliseconds.
inline double seconds(std::chrono::system_clock::time_point time) {
  using std::chrono::milliseconds;
  return std::chrono::duration<double>(
             std::chrono::duration_cast<milliseconds>(time.time_since_epoch()))
      .count();
}

/// Since 1970.
constexpr double seconds(std::chrono::sys_seconds time) {
  return static_cast<double>(time.time_since_epoch().count());
}

constexpr double seconds_of_us(std::uint64_t us) { return static_cast<double>(us) / 1e6; }

}  // namespace spillway::server::admin
