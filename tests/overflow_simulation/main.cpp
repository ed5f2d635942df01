// Drives pipes at random and stops at the first broken rule.
#include "tests/overflow_simulation/simulation.hpp"

#include <charconv>
#include <cstdint>
#include <iostream>
#include <optional>
#include <span>
#include <stdexcept>
#include <string>
#include <string_view>

namespace {

using namespace spillway::overflow_simulation;
using spillway::simulation::Trace;

struct Arguments {
  std::uint64_t steps = 100'000;
  /// One run only, with all its words.
  std::optional<std::uint64_t> seed;
};

constexpr std::string_view usage =
    "usage: overflow_simulation [--steps N] [--seed S]\n"
    "  --steps N  drive pipes for about N steps, each run with the next seed\n"
    "  --seed S   replay the run of this seed and tell every step\n";

std::uint64_t number(std::string_view word) {
  std::uint64_t value = 0;
  const auto [end, error] = std::from_chars(word.data(), word.data() + word.size(), value);
  if (error != std::errc() || end != word.data() + word.size()) {
    throw std::invalid_argument("not a number: " + std::string(word));
  }
  return value;
}

Arguments parse(std::span<char*> words) {
  Arguments arguments;
  for (std::size_t i = 0; i < words.size(); i += 2) {
    const std::string_view name = words[i];
    if (i + 1 == words.size()) throw std::invalid_argument("no value for " + std::string(name));
    const std::string_view value = words[i + 1];
    if (name == "--steps")
      arguments.steps = number(value);
    else if (name == "--seed")
      arguments.seed = number(value);
    else
      throw std::invalid_argument("no such option: " + std::string(name));
  }
  return arguments;
}

int replay(std::uint64_t seed) {
  Plan plan{.seed = seed, .trace = {}};
  plan.trace = Trace([](const std::string& line) { std::cout << line << '\n'; });
  const Outcome outcome = Simulation(std::move(plan)).run();
  std::cout << "seed " << seed << ": " << outcome.steps << " steps, "
            << outcome.violation.value_or("every rule kept") << '\n';
  return outcome.violation ? 1 : 0;
}

int drive(const Arguments& arguments) {
  std::uint64_t steps = 0;
  std::uint64_t seed = 0;
  while (steps < arguments.steps) {
    Plan plan{.seed = ++seed, .trace = {}};
    const Outcome outcome = Simulation(std::move(plan)).run();
    steps += outcome.steps;
    if (!outcome.violation) continue;
    std::cout << "broken after " << steps << " steps: " << *outcome.violation << '\n';
    replay(seed);
    return 1;
  }
  std::cout << steps << " steps in " << seed << " runs, every rule kept\n";
  return 0;
}

}  // namespace

int main(int count, char** words) {
  try {
    const Arguments arguments = parse(std::span(words, static_cast<std::size_t>(count)).subspan(1));
    return arguments.seed ? replay(*arguments.seed) : drive(arguments);
  } catch (const std::invalid_argument& error) {
    std::cerr << error.what() << '\n' << usage;
    return 2;
  }
}
