// What a run is made of, beside its steps.
#pragma once

#include "daemon/config/config.hpp"
#include "tests/simulation/random.hpp"

#include <cstddef>
#include <string>

namespace spillway::overflow_simulation {

using simulation::Random;

/// A route as a file could describe it, and how its peers behave. Shares are in permille.
struct Setting {
  config::Framing framing;
  std::size_t max_message = 0;
  config::Overflow overflow;
  /// Pipes that share the route's figures and the loop's memory.
  std::size_t sessions = 1;
  /// Messages and queues are larger than what one send may be.
  bool large = false;
  /// Messages that break the framing.
  std::size_t bad = 0;
  /// Steps that end or break a connection.
  std::size_t ends = 0;
};

Setting some_setting(Random& random);

std::string describe(const Setting& setting);

}  // namespace spillway::overflow_simulation
