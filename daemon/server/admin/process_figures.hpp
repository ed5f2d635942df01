// What the system says of this process.
#pragma once

#include <chrono>
#include <cstdint>
#include <string_view>

namespace spillway::server::admin {

struct ProcessFigures {
  std::chrono::system_clock::time_point started{};
  double cpu_seconds = 0;  // user and system
  std::uint64_t threads = 0;
  std::uint64_t resident_bytes = 0;
  std::uint64_t virtual_bytes = 0;
  std::uint64_t open_descriptors = 0;
  std::uint64_t most_descriptors = 0;
};

/// Figures that cannot be had are 0.
ProcessFigures read_process_figures();

/// Of the texts of /proc/self/stat (`proc(5)`) and /proc/stat.
ProcessFigures parse_process_figures(std::string_view process, std::string_view system);

}  // namespace spillway::server::admin
