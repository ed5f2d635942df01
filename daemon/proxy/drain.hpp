// Ends sessions one after the other, so that their clients do not all come back at once.
#pragma once

#include "daemon/proxy/session_set.hpp"

#include <spillway/clock.hpp>
#include <spillway/scheduler.hpp>

#include <cstddef>
#include <functional>
#include <string_view>

namespace spillway::proxy {

/// For the first half of its time sessions may end by themselves. During the second half, those
/// that are left are ended at an even pace. For the loop's thread.
class Drain {
 public:
  using Covers = std::function<bool(const Session&)>;

  /// Begins at once. `reason` (a literal) is that of the sessions which it ends; `sessions`
  /// outlives it.
  Drain(Scheduler& scheduler, SessionSet& sessions, Covers covers, Duration time,
        std::string_view reason);

  /// No session that it covers is left.
  [[nodiscard]] bool is_over() const { return sessions_.count(covers_) == 0; }
  /// Sessions that it ended.
  [[nodiscard]] std::size_t stopped() const { return stopped_; }

 private:
  void step();

  Scheduler& scheduler_;
  SessionSet& sessions_;
  Covers covers_;
  std::string_view reason_;
  TimePoint half_;
  TimePoint end_;
  std::size_t at_half_ = 0;  // sessions
  std::size_t stopped_ = 0;
  Timer timer_;
};

}  // namespace spillway::proxy
