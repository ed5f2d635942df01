// One run: set-up, warm-up, window.
#pragma once

#include "bench/load/arguments.hpp"
#include "bench/load/backend.hpp"
#include "bench/load/client.hpp"
#include "bench/load/report.hpp"

#include <optional>

namespace load {

/// Everything THROWS: Failure.
class Run {
 public:
  explicit Run(Arguments arguments);

  Report complete();

 private:
  using Clock = EventLoop::Clock;

  void make_clients();
  void set_up();
  void turn_until(Clock::time_point end);
  void measure(Report& report);

  Arguments arguments_;
  EventLoop loop_;
  SharedBuffers buffers_;
  Pattern pattern_;
  std::optional<TlsClient> tls_;  // none: plain TCP
  Backend backend_;
  Surroundings surroundings_;
  std::vector<Tally> tallies_;  // one per group
  std::vector<std::unique_ptr<Client>> clients_;
};

}  // namespace load
