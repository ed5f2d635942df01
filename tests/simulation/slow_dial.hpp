// A connection attempt that ends when it is told to.
#pragma once

#include <spillway/dial.hpp>

#include <memory>
#include <utility>

namespace spillway::simulation {

/// The simulation's end of a SlowDial; outlives it.
struct DialSlot {
  DialObserver* observer = nullptr;

  [[nodiscard]] bool waits() const { return observer != nullptr; }
  void succeed(std::unique_ptr<Transport> transport) {
    std::exchange(observer, nullptr)->on_dialled(std::move(transport));
  }
  void fail(FailureReason reason) {
    std::exchange(observer, nullptr)
        ->on_dial_failed({.reason = reason, .error = {}, .detail = "simulated"});
  }
};

class SlowDial final : public Dial {
 public:
  explicit SlowDial(DialSlot& slot) : slot_(slot) {}
  ~SlowDial() override { slot_.observer = nullptr; }
  void start(DialObserver& observer) override { slot_.observer = &observer; }

 private:
  DialSlot& slot_;
};

}  // namespace spillway::simulation
