// Chance that can be repeated.
#pragma once

#include <cstddef>
#include <cstdint>
#include <initializer_list>
#include <random>

namespace spillway::simulation {

/// The standard fixes what the generator yields but not what its distributions make of it, so these
/// are our own: a seed means the same run with every library.
class Random {
 public:
  explicit Random(std::uint64_t seed) : generator_(seed) {}

  /// 0 <= result < `bound`. REQUIRES: `bound` > 0.
  std::size_t below(std::size_t bound) { return static_cast<std::size_t>(generator_() % bound); }
  /// `low` <= result <= `high`.
  std::size_t between(std::size_t low, std::size_t high) { return low + below(high - low + 1); }
  bool permille(std::size_t share) { return below(1000) < share; }
  bool coin() { return permille(500); }
  std::size_t one_of(std::initializer_list<std::size_t> values) {
    return values.begin()[below(values.size())];
  }
  /// Another source, so that what it is used for does not shift what follows here.
  Random fork() { return Random(generator_()); }

 private:
  std::mt19937_64 generator_;
};

}  // namespace spillway::simulation
