// What `pause` and `close` hold: a stream as it comes.
#pragma once

#include "tests/overflow_simulation/held.hpp"

#include <deque>

namespace spillway::overflow_simulation {

class HeldStream final : public Held {
 public:
  using Held::Held;

  void expire(FlowCounters::Dropped dropped, TimePoint now) override;
  void arrive(std::size_t arrived, const std::vector<std::size_t>& ends, TimePoint now) override;
  Taken take(std::size_t bytes, TimePoint now) override;
  Decision decide(TimePoint now) override;
  FlowCounters::Dropped end_partial() override { return {}; }

  [[nodiscard]] std::size_t sendable() const override { return arrived_ - taken_; }
  [[nodiscard]] std::size_t bytes() const override { return kept_ - taken_; }
  [[nodiscard]] std::size_t messages() const override { return ends_.size() - fresh_ends_; }
  [[nodiscard]] std::size_t partial_bytes() const override { return 0; }

 private:
  // Places in the stream: what is before them was taken, is decided on, has arrived.
  std::size_t taken_ = 0;
  std::size_t kept_ = 0;
  std::size_t arrived_ = 0;
  std::deque<std::size_t> ends_;  // behind taken_
  std::size_t fresh_ends_ = 0;    // of these, behind kept_
};

}  // namespace spillway::overflow_simulation
