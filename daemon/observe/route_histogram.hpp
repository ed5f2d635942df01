// How latencies are spread, for as long as the process runs.
#pragma once

#include "daemon/observe/latency_sample.hpp"

#include <algorithm>
#include <array>
#include <concepts>
#include <cstddef>
#include <cstdint>
#include <limits>

namespace spillway::observe {

/// Counts samples by bucket: a quantile is at most a quarter too high, and recording is a few
/// instructions. Latencies beyond half an hour count as half an hour, except in `max_us`. When a
/// bucket has no room left, the counts of all are halved: the quantiles stay, and what comes later
/// weighs double.
template <std::unsigned_integral Count>
class BasicLatencyHistogram {
 public:
  /// As often as `times`, which may be 0.
  void record(LatencySample sample, std::uint64_t times = 1) {
    if (times == 0) return;
    add(sample.bucket(), times);
    sum_us_ += sample.us() * times;
    max_us_ = std::max(max_us_, sample.us());
  }

  /// What the buckets hold: every sample, if no bucket was ever full.
  [[nodiscard]] std::uint64_t count() const { return count_; }
  [[nodiscard]] std::uint64_t max_us() const { return max_us_; }
  /// Of every sample, halved ones too.
  [[nodiscard]] std::uint64_t sum_us() const { return sum_us_; }
  /// Samples in the buckets up to this one.
  [[nodiscard]] std::uint64_t count_up_to(std::size_t bucket) const;
  /// The latency that the `share` (0 to 1) fastest did not exceed, in microseconds; 0 without any.
  [[nodiscard]] std::uint64_t quantile_us(double share) const;

  BasicLatencyHistogram& operator+=(const BasicLatencyHistogram& other);
  /// What was recorded since `before`. Its `max_us` is exact if it is the greatest ever, otherwise
  /// up to a quarter too high (beyond half an hour it is the greatest ever); of nothing it is 0.
  /// REQUIRES: `continues(before)`, and no bucket was ever full.
  BasicLatencyHistogram& operator-=(const BasicLatencyHistogram& before);
  /// Whether `before` can be an earlier state of this one: nothing in it is higher.
  [[nodiscard]] bool continues(const BasicLatencyHistogram& before) const;

 private:
  friend class LatencyHistogram;  // becomes one

  void add(std::size_t bucket, std::uint64_t times) {
    while (times > std::numeric_limits<Count>::max() - counts_[bucket]) {
      halve();
      times -= times / 2;  // one sample stays one
    }
    counts_[bucket] += static_cast<Count>(times);
    count_ += times;
  }
  void halve();

  std::array<Count, LatencySample::buckets> counts_{};
  std::uint64_t count_ = 0;
  std::uint64_t max_us_ = 0;
  std::uint64_t sum_us_ = 0;
};

extern template class BasicLatencyHistogram<std::uint32_t>;
extern template class BasicLatencyHistogram<std::uint64_t>;

/// A bucket would be full after centuries.
using RouteLatencyHistogram = BasicLatencyHistogram<std::uint64_t>;

}  // namespace spillway::observe
