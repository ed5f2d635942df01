// The figures of a run.
#pragma once

#include "bench/load/group.hpp"
#include "bench/load/process_sample.hpp"
#include "bench/load/tally.hpp"

#include <string>

namespace load {

struct GroupFigures {
  Group group;
  Tally tally;
};

struct Report {
  std::chrono::nanoseconds window{};
  CpuTime proxy_cpu{};
  CpuTime load_cpu{};
  struct {
    std::uint64_t start = 0;
    std::uint64_t begin = 0;
    std::uint64_t end = 0;
  } pss_kib;
  std::vector<GroupFigures> groups;

  [[nodiscard]] std::string json() const;
};

}  // namespace load
