// How log lines say a duration.
#pragma once

#include <chrono>
#include <cstdint>

namespace spillway::observe {

/// Whole ones; the rest is cut off.
constexpr std::int64_t milliseconds(std::chrono::nanoseconds duration) {
  return std::chrono::duration_cast<std::chrono::milliseconds>(duration).count();
}

}  // namespace spillway::observe
