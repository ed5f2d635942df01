// One connection, driven at random for some hundred steps.
#pragma once

#include "tests/simulation/application.hpp"
#include "tests/simulation/fault.hpp"
#include "tests/simulation/slow_dial.hpp"
#include "tests/simulation/stack.hpp"
#include "tests/simulation/trace.hpp"
#include "tests/simulation/world.hpp"

#include <cstddef>
#include <cstdint>
#include <memory>
#include <optional>
#include <string>

namespace spillway::simulation {

/// Everything follows from `seed`, whatever ran before.
struct Plan {
  std::uint64_t seed = 1;
  /// Chosen by the seed if none is given.
  std::optional<Mode> mode = std::nullopt;
  Fault fault = Fault::none;
  Trace trace = {};
};

struct Outcome {
  std::size_t steps = 0;
  /// The promise that was broken, if one was.
  std::optional<std::string> violation;
};

class Simulation {
 public:
  explicit Simulation(Plan plan);
  /// To be called once.
  Outcome run();

 private:
  Layers build();
  Layers build_layered();
  Layers build_tls();
  void begin();
  void stack(Layers& layers, LayerPair pair);

  void step();
  void step_of_system();
  void step_of_peer();
  void step_of_time();
  void dial_ends();
  void break_something();
  void peer_ends();

  void settle();
  bool let_flow();
  void check_settled();
  void check_stream();
  void wind_down();
  void end_cleanly();
  void check();
  [[nodiscard]] bool done() const;

  Plan plan_;
  World world_;
  DialSlot dial_;
  std::unique_ptr<Application> application_;
  std::size_t steps_ = 0;
};

}  // namespace spillway::simulation
