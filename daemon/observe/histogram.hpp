// How one session's latencies are spread.
#pragma once

#include "daemon/observe/latency_sample.hpp"
#include "daemon/observe/route_histogram.hpp"

#include <array>
#include <cstddef>
#include <cstdint>
#include <memory>

namespace spillway::observe {

/// There are many, and most sessions are idle: so it is small as long as its samples fall into few
/// buckets, and takes memory for all of them once, if they do not. It says the same either way.
class LatencyHistogram {
 public:
  /// As often as `times`, which may be 0.
  void record(LatencySample sample, std::uint64_t times = 1);

  // As of BasicLatencyHistogram.
  [[nodiscard]] std::uint64_t count() const { return full().count(); }
  [[nodiscard]] std::uint64_t max_us() const { return all_ ? all_->max_us() : max_us_; }
  [[nodiscard]] std::uint64_t quantile_us(double share) const { return full().quantile_us(share); }

 private:
  using Full = BasicLatencyHistogram<std::uint32_t>;
  static constexpr std::size_t few = 6;
  static_assert(LatencySample::buckets <= 256);

  [[nodiscard]] Full full() const;

  // The buckets in use, in the order of their first samples; a count of 0 is not used yet.
  std::array<std::uint32_t, few> counts_{};
  std::array<std::uint8_t, few> buckets_{};
  std::uint64_t max_us_ = 0;
  std::unique_ptr<Full> all_;  // instead, once few are not enough
};

}  // namespace spillway::observe
