#include <spillway/clock.hpp>

namespace spillway {

const Clock& steady_clock() {
  class SteadyClock final : public Clock {
   public:
    [[nodiscard]] TimePoint now() const override { return std::chrono::steady_clock::now(); }
  };
  static const SteadyClock clock;
  return clock;
}

}  // namespace spillway
