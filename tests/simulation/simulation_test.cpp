// That the simulation can fail, and that what failed can be looked at again.
#include "tests/simulation/simulation.hpp"

#include <gtest/gtest.h>

#include <optional>
#include <ostream>
#include <string>
#include <vector>

namespace spillway::simulation {

void PrintTo(const NamedFault& fault, std::ostream* out) { *out << fault.name; }

void PrintTo(Mode mode, std::ostream* out) {
  *out << (mode == Mode::plain ? "plain" : mode == Mode::layered ? "layered" : "tls");
}

namespace {

constexpr std::uint64_t enough_runs = 300;

Outcome run(std::uint64_t seed, Mode mode, Fault fault = Fault::none) {
  return Simulation({.seed = seed, .mode = mode, .fault = fault, .trace = {}}).run();
}

std::optional<std::uint64_t> first_failing_seed(Mode mode, Fault fault) {
  for (std::uint64_t seed = 1; seed <= enough_runs; ++seed) {
    if (run(seed, mode, fault).violation) return seed;
  }
  return std::nullopt;
}

std::vector<std::string> trace_of(std::uint64_t seed, Mode mode, Fault fault = Fault::none) {
  std::vector<std::string> lines;
  Trace trace([&lines](const std::string& line) { lines.push_back(line); });
  Simulation({.seed = seed, .mode = mode, .fault = fault, .trace = trace}).run();
  return lines;
}

class Faults : public ::testing::TestWithParam<NamedFault> {};

TEST_P(Faults, are_found_on_plain_connections) {
  EXPECT_TRUE(first_failing_seed(Mode::plain, GetParam().fault));
}

TEST_P(Faults, are_found_on_layered_connections) {
  EXPECT_TRUE(first_failing_seed(Mode::layered, GetParam().fault));
}

TEST_P(Faults, are_found_on_tls_connections) {
  EXPECT_TRUE(first_failing_seed(Mode::tls, GetParam().fault));
}

INSTANTIATE_TEST_SUITE_P(Every, Faults, ::testing::ValuesIn(every_fault),
                         ::testing::PrintToStringParamName());

class Runs : public ::testing::TestWithParam<Mode> {};

TEST_P(Runs, repeat_step_by_step_whatever_ran_before) {
  for (std::uint64_t seed = 1; seed <= 20; ++seed) {
    const std::vector<std::string> first = trace_of(seed, GetParam());
    run(seed + 1000, GetParam());
    EXPECT_EQ(trace_of(seed, GetParam()), first);
  }
}

TEST_P(Runs, differ_from_seed_to_seed) {
  EXPECT_NE(trace_of(1, GetParam()), trace_of(2, GetParam()));
}

TEST_P(Runs, fail_again_where_they_failed) {
  const auto seed = first_failing_seed(GetParam(), Fault::double_sent);
  ASSERT_TRUE(seed);
  const Outcome first = run(*seed, GetParam(), Fault::double_sent);
  const Outcome second = run(*seed, GetParam(), Fault::double_sent);
  EXPECT_EQ(first.steps, second.steps);
  EXPECT_EQ(first.violation, second.violation);
}

INSTANTIATE_TEST_SUITE_P(Modes, Runs, ::testing::Values(Mode::plain, Mode::layered, Mode::tls),
                         ::testing::PrintToStringParamName());

}  // namespace
}  // namespace spillway::simulation
