// How log lines say a point in time.
#pragma once

#include <chrono>
#include <ctime>
#include <string>

namespace spillway::observe {

/// In UTC and to the second: "2026-11-23T08:15:00Z" (RFC 3339).
inline std::string utc(std::chrono::sys_seconds time) {
  const std::time_t seconds = time.time_since_epoch().count();
  std::tm parts{};
  ::gmtime_r(&seconds, &parts);
  char text[sizeof "10000-00-00T00:00:00Z"];
  const std::size_t size = std::strftime(text, sizeof text, "%Y-%m-%dT%H:%M:%SZ", &parts);
  return {text, size};
}

}  // namespace spillway::observe
