// That what failed can be looked at again.
#include "tests/overflow_simulation/simulation.hpp"

#include <gtest/gtest.h>

#include <string>
#include <vector>

namespace spillway::overflow_simulation {
namespace {

std::vector<std::string> trace_of(std::uint64_t seed) {
  std::vector<std::string> lines;
  simulation::Trace trace([&lines](const std::string& line) { lines.push_back(line); });
  Simulation({.seed = seed, .trace = trace}).run();
  return lines;
}

TEST(OverflowSimulation, RepeatsStepByStepWhateverRanBefore) {
  for (std::uint64_t seed = 1; seed <= 20; ++seed) {
    const std::vector<std::string> first = trace_of(seed);
    trace_of(seed + 1000);
    EXPECT_EQ(trace_of(seed), first);
  }
}

TEST(OverflowSimulation, DiffersFromSeedToSeed) { EXPECT_NE(trace_of(1), trace_of(2)); }

}  // namespace
}  // namespace spillway::overflow_simulation
