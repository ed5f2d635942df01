// The rules of overflow, said a second time.
#pragma once

#include "tests/overflow_simulation/held.hpp"
#include "tests/overflow_simulation/naive_reader.hpp"
#include "tests/overflow_simulation/observation.hpp"
#include "tests/overflow_simulation/passed.hpp"
#include "tests/overflow_simulation/throttle.hpp"

#include <spillway/bytes.hpp>
#include <spillway/clock.hpp>

#include <cstdint>
#include <memory>
#include <optional>
#include <string_view>

namespace spillway::overflow_simulation {

/// Predicts what one pipe must do from its setting, from what reached it and from how much the sink
/// took, and compares it with what can be seen after each call.
class Model {
 public:
  Model(const Setting& setting, const Clock& clock, Verdict& verdict);

  // What the pipe was called for, and what was seen then.
  void received(Bytes data, const Observation& seen);
  void source_ended(const Observation& seen);
  void sink_started(const Observation& seen);
  void unthrottled(const Observation& seen);
  void sent(const Observation& seen);
  /// The pipe was told to stop.
  void abandoned();
  void settled(const Observation& seen);
  /// Nothing: a queue that is long is sent in several turns.
  void catch_up(const Observation& seen);

  // What the pipe tells, from inside of these or of its timer.
  void told_slow();
  void told_recovered(const overflow::SlowEpisode& episode, Throttle::Dropped dropped_now);
  void told_failed(PipeFailure failure);
  /// The pipe is about to be told to fail, for the memory's sake.
  void fails_for_memory() { expected_failure_ = PipeFailure::memory; }

  // What the pipe cannot know but from its sink.
  void sink_took() { throttle_.took(); }
  void sink_blurred() { throttle_.blur(); }
  void looks_late(Duration by) { throttle_.looks_late(by); }
  void turned() { throttle_.turned(); }

  /// After every step, outside of callbacks. `at_rest`: there is nothing left to be told.
  void check(const Observation& seen, bool at_rest);

  [[nodiscard]] bool is_over() const { return life_ != Life::live; }
  [[nodiscard]] bool is_paused() const { return paused_since_.has_value(); }
  [[nodiscard]] bool source_has_ended() const { return source_ended_; }
  [[nodiscard]] bool is_in_message() const { return reader_.in_message(); }
  [[nodiscard]] const Held& held() const { return *held_; }
  [[nodiscard]] const Throttle& throttle() const { return throttle_; }
  Passed& passed() { return passed_; }

 private:
  enum class Life {
    live,
    /// A send was refused for good: nothing passes any more.
    deaf,
    abandoned,
  };

  void require(bool holds, std::string_view promise) { verdict_.require(holds, promise); }
  void drained(const Observation& seen);
  void expire(const Observation& seen);
  void judge(bool tried, const Observation& seen);
  void take(const Observation& seen);
  void follow_throttle(bool tried, const Observation& seen);
  void decide(const Observation& seen);
  [[nodiscard]] std::optional<PipeFailure> bad_message() const;
  [[nodiscard]] std::size_t sendable_before_bad(std::size_t before, std::size_t arrived) const;
  void follow_pause(bool pauses);
  void resume_when_low();
  void finish_step(const Observation& seen);
  void check_always(const Observation& seen);
  void check_at_rest(const Observation& seen);
  void check_conservation(const Observation& seen);
  void check_queue(const Observation& seen);
  void check_counters(const Observation& seen);
  void check_sent(const Observation& seen);
  [[nodiscard]] FlowCounters::Dropped dropped() const;

  const Setting& setting_;
  const Clock& clock_;
  Verdict& verdict_;
  NaiveReader reader_;
  std::unique_ptr<Held> held_;
  Throttle throttle_;
  Passed passed_;
  Observation before_;
  FlowCounters expected_;  // as far as they are predicted
  std::uint64_t peak_ = 0;
  std::size_t last_read_ = 0;
  std::optional<TimePoint> paused_since_;
  Duration paused_{};
  std::optional<PipeFailure> expected_failure_;
  std::optional<PipeFailure> failure_;
  Life life_ = Life::live;
  bool source_ended_ = false;
  bool started_ = false;
};

}  // namespace spillway::overflow_simulation
