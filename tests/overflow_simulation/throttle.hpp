// When a sink is slow or stuck, said a second time.
#pragma once

#include "daemon/config/config.hpp"
#include "daemon/overflow/pipe.hpp"
#include "tests/simulation/verdict.hpp"

#include <spillway/clock.hpp>

#include <cstdint>
#include <optional>
#include <string_view>

namespace spillway::overflow_simulation {

using simulation::Verdict;

/// The time in which a pipe's sink is not writeable, and what may be told of it.
class Throttle {
 public:
  using Dropped = observe::FlowCounters::Dropped;

  Throttle(const config::Overflow& overflow, const Clock& clock, Verdict& verdict)
      : overflow_(overflow), clock_(clock), verdict_(verdict) {}

  /// `dropped_before`: in all, until then.
  void begin(Dropped dropped_before);
  void end();
  /// The pipe does not care any more.
  void forget() { period_.reset(); }
  void note_depth(std::uint64_t bytes);
  /// The sink's peer took bytes.
  void took();
  /// Bytes went to the sink that the pipe did not send: they hide what is taken.
  void blur() { blurred_ = true; }

  // What the pipe told.
  void told_slow();
  void told_recovered(const overflow::SlowEpisode& episode, Dropped dropped_now);
  void told_stalled();

  /// The loop was busy: timers may be late by so much.
  void looks_late(Duration by);
  /// Everything that was due has been told.
  void turned();

  [[nodiscard]] bool on() const { return period_.has_value(); }
  [[nodiscard]] bool slow() const { return period_ && period_->slow; }
  [[nodiscard]] Duration lasts() const;
  [[nodiscard]] std::uint64_t episodes() const { return episodes_; }

 private:
  struct Period {
    TimePoint since;
    TimePoint took;
    std::uint64_t peak;
    Dropped dropped_before;
    Duration late{};  // are the looks, at most
    bool slow = false;
    bool recovered = false;
  };

  void require(bool holds, std::string_view promise) { verdict_.require(holds, promise); }

  const config::Overflow& overflow_;
  const Clock& clock_;
  Verdict& verdict_;
  std::optional<Period> period_;
  std::uint64_t episodes_ = 0;
  bool blurred_ = false;
};

}  // namespace spillway::overflow_simulation
