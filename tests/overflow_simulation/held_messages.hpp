// What the policies that drop hold: whole messages.
#pragma once

#include "tests/overflow_simulation/held.hpp"

#include <deque>

namespace spillway::overflow_simulation {

class HeldMessages final : public Held {
 public:
  using Held::Held;

  void expire(FlowCounters::Dropped dropped, TimePoint now) override;
  void arrive(std::size_t arrived, const std::vector<std::size_t>& ends, TimePoint now) override;
  Taken take(std::size_t bytes, TimePoint now) override;
  Decision decide(TimePoint now) override;
  FlowCounters::Dropped end_partial() override;

  [[nodiscard]] std::size_t sendable() const override;
  [[nodiscard]] std::size_t bytes() const override { return queued_bytes_; }
  [[nodiscard]] std::size_t messages() const override { return queue_.size(); }
  [[nodiscard]] std::size_t partial_bytes() const override { return arrived_ - partial_begin_; }

 private:
  struct Message {
    Range range;  // the bytes that were not taken
    TimePoint arrived;
    bool begun = false;  // some were
  };
  using Messages = std::deque<Message>;

  void take_from(Messages& messages, std::size_t& bytes, TimePoint now, Taken& taken);
  bool make_room(const Message& message, FlowCounters::Dropped& dropped);
  [[nodiscard]] bool could_fit(const Message& message) const;
  void push(const Message& message);
  /// The oldest that can be dropped.
  [[nodiscard]] Messages::iterator first_whole();
  void erase(Messages::iterator message);
  [[nodiscard]] bool is_expired(const Message& message, TimePoint now) const;

  Messages queue_;
  std::size_t queued_bytes_ = 0;
  Messages fresh_;  // not decided on
  std::size_t partial_begin_ = 0;
  std::size_t arrived_ = 0;
  bool full_ = false;  // until the low mark

  // The pipe notes a bounded number of arrivals: beyond it a message may count as younger.
  std::size_t arrivals_ = 0;
  TimePoint last_arrival_{};
  bool ages_are_exact_ = true;
};

}  // namespace spillway::overflow_simulation
