// What a pipe is to hold, said a second time.
#pragma once

#include "daemon/overflow/pipe.hpp"
#include "tests/overflow_simulation/setting.hpp"
#include "tests/simulation/verdict.hpp"

#include <spillway/clock.hpp>

#include <cstddef>
#include <optional>
#include <vector>

namespace spillway::overflow_simulation {

using observe::FlowCounters;
using overflow::PipeFailure;
using simulation::Verdict;

/// A part of the source's stream.
struct Range {
  std::size_t begin;
  std::size_t end;

  [[nodiscard]] std::size_t size() const { return end - begin; }
};

/// Of what arrived and was not accepted by the sink: what is kept, and what becomes of the rest. In
/// one step comes first what has expired, then what arrives, then what the sink took of it all, and
/// last the policy's decision on what is left.
class Held {
 public:
  struct Decision {
    std::optional<PipeFailure> failure = std::nullopt;
    bool pauses = false;
    FlowCounters::Dropped dropped = {};
  };
  /// What the sink took: where it lay, and the messages whose last byte is in it.
  struct Taken {
    std::vector<Range> ranges;
    std::vector<std::size_t> ends;  // places in `ranges` put together
  };

  Held(const Setting& setting, Verdict& verdict)
      : setting_(setting), overflow_(setting.overflow), verdict_(verdict) {}
  virtual ~Held() = default;

  /// The pipe dropped so much for its age.
  virtual void expire(FlowCounters::Dropped dropped, TimePoint now) = 0;
  /// The stream reaches to `arrived` now, and new messages end in these places.
  virtual void arrive(std::size_t arrived, const std::vector<std::size_t>& ends, TimePoint now) = 0;
  virtual Taken take(std::size_t bytes, TimePoint now) = 0;
  virtual Decision decide(TimePoint now) = 0;
  /// What had ended when the source ended within a message.
  virtual FlowCounters::Dropped end_partial() = 0;

  /// Could be sent now, if the sink took it.
  [[nodiscard]] virtual std::size_t sendable() const = 0;
  // As the limits count.
  [[nodiscard]] virtual std::size_t bytes() const = 0;
  [[nodiscard]] virtual std::size_t messages() const = 0;
  [[nodiscard]] virtual std::size_t partial_bytes() const = 0;

  /// At or below half of each limit.
  [[nodiscard]] bool is_low() const {
    return bytes() <= overflow_.queue / 2 &&
           (overflow_.queue_messages == 0 || messages() <= overflow_.queue_messages / 2);
  }

 protected:
  [[nodiscard]] bool fits(std::size_t more_bytes, std::size_t more_messages) const {
    return bytes() + more_bytes <= overflow_.queue &&
           (overflow_.queue_messages == 0 ||
            messages() + more_messages <= overflow_.queue_messages);
  }
  void require(bool holds, std::string_view promise) { verdict_.require(holds, promise); }

  const Setting& setting_;
  const config::Overflow& overflow_;

 private:
  Verdict& verdict_;
};

}  // namespace spillway::overflow_simulation
