// A route's pipes, driven at random for some hundred steps.
#pragma once

#include "tests/overflow_simulation/route.hpp"
#include "tests/overflow_simulation/session.hpp"
#include "tests/overflow_simulation/setting.hpp"
#include "tests/simulation/trace.hpp"

#include <cstddef>
#include <cstdint>
#include <memory>
#include <optional>
#include <string>
#include <vector>

namespace spillway::overflow_simulation {

/// Everything follows from `seed`, whatever ran before.
struct Plan {
  std::uint64_t seed = 1;
  simulation::Trace trace = {};
};

struct Outcome {
  std::size_t steps = 0;
  /// The rule that was broken, if one was.
  std::optional<std::string> violation;
};

class Simulation {
 public:
  explicit Simulation(Plan plan);
  /// To be called once.
  Outcome run();

 private:
  Session& some_session();
  [[nodiscard]] bool done() const;
  void step();
  void step_of_source(Session& session);
  void step_of_sink(Session& session);
  void step_of_consumer(Session& session);
  void step_of_time();
  void step_of_daemon(Session& session);
  void break_something(Session& session);

  void turn();
  void pass_time(Duration time);
  [[nodiscard]] Duration some_time();
  [[nodiscard]] bool at_rest() const;
  void check();
  void check_route();

  void wind_down();
  void settle();
  void flow_until_rest();
  void end_all();

  Random random_;
  Route route_;
  std::vector<std::unique_ptr<Session>> sessions_;
  std::size_t steps_ = 0;
};

}  // namespace spillway::overflow_simulation
