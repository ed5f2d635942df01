// Drives connections at random and stops at the first broken promise.
#include "tests/simulation/simulation.hpp"

#include <charconv>
#include <cstdint>
#include <iostream>
#include <optional>
#include <span>
#include <stdexcept>
#include <string>
#include <string_view>

namespace {

using namespace spillway::simulation;

struct Arguments {
  std::uint64_t steps = 100'000;
  /// One run only, with all its words.
  std::optional<std::uint64_t> seed;
  std::optional<Mode> mode;
};

constexpr std::string_view usage =
    "usage: simulation [--steps N] [--seed S] [--mode plain|layered|tls]\n"
    "  --steps N  drive connections for about N steps, each run with the next seed\n"
    "  --seed S   replay the run of this seed and tell every step\n";

std::uint64_t number(std::string_view word) {
  std::uint64_t value = 0;
  const auto [end, error] = std::from_chars(word.data(), word.data() + word.size(), value);
  if (error != std::errc() || end != word.data() + word.size()) {
    throw std::invalid_argument("not a number: " + std::string(word));
  }
  return value;
}

Mode mode(std::string_view word) {
  if (word == "plain") return Mode::plain;
  if (word == "layered") return Mode::layered;
  if (word == "tls") return Mode::tls;
  throw std::invalid_argument("no such mode: " + std::string(word));
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
    else if (name == "--mode")
      arguments.mode = mode(value);
    else
      throw std::invalid_argument("no such option: " + std::string(name));
  }
  return arguments;
}

int replay(std::uint64_t seed, std::optional<Mode> mode) {
  Plan plan{.seed = seed, .mode = mode, .fault = Fault::none, .trace = {}};
  plan.trace = Trace([](const std::string& line) { std::cout << line << '\n'; });
  const Outcome outcome = Simulation(std::move(plan)).run();
  std::cout << "seed " << seed << ": " << outcome.steps << " steps, "
            << outcome.violation.value_or("every promise kept") << '\n';
  return outcome.violation ? 1 : 0;
}

int drive(const Arguments& arguments) {
  std::uint64_t steps = 0;
  std::uint64_t seed = 0;
  while (steps < arguments.steps) {
    Plan plan{.seed = ++seed, .mode = arguments.mode, .fault = Fault::none, .trace = {}};
    const Outcome outcome = Simulation(std::move(plan)).run();
    steps += outcome.steps;
    if (!outcome.violation) continue;
    std::cout << "broken after " << steps << " steps: " << *outcome.violation << '\n';
    replay(seed, arguments.mode);
    return 1;
  }
  std::cout << steps << " steps on " << seed << " connections, every promise kept\n";
  return 0;
}

}  // namespace

int main(int count, char** words) {
  try {
    const Arguments arguments = parse(std::span(words, static_cast<std::size_t>(count)).subspan(1));
    return arguments.seed ? replay(*arguments.seed, arguments.mode) : drive(arguments);
  } catch (const std::invalid_argument& error) {
    std::cerr << error.what() << '\n' << usage;
    return 2;
  }
}
