// How latencies are spread, in a few hundred bytes.
#pragma once

#include <array>
#include <chrono>
#include <concepts>
#include <cstddef>
#include <cstdint>

namespace spillway::observe {

/// Counts microseconds in buckets that are linear within each power of two: a quantile is at most
/// a quarter too high, and recording is a few instructions. Latencies beyond half an hour count
/// as half an hour, except in `max_us`. When a bucket has no room left, the counts of all are
/// halved: the quantiles stay, and what comes later weighs double.
template <std::unsigned_integral Count>
class BasicLatencyHistogram {
 public:
  void record(std::chrono::nanoseconds latency) { record(latency, 1); }
  /// As often as `times`, which may be 0.
  void record(std::chrono::nanoseconds latency, std::uint64_t times);

  /// What the buckets hold: every sample, if no bucket was ever full.
  [[nodiscard]] std::uint64_t count() const { return count_; }
  [[nodiscard]] std::uint64_t max_us() const { return max_us_; }
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
  static constexpr unsigned parts_bits = 2;  // four buckets to a power of two
  static constexpr unsigned powers = 31;
  static constexpr std::size_t buckets = (powers - parts_bits + 1) << parts_bits;

  static std::size_t bucket_of(std::uint64_t us);
  /// The greatest value that falls into the bucket; the last one takes greater ones too.
  static std::uint64_t top_of(std::size_t bucket);

  void add(std::size_t bucket, std::uint64_t times);
  void halve();

  std::array<Count, buckets> counts_{};
  std::uint64_t count_ = 0;
  std::uint64_t max_us_ = 0;
};

extern template class BasicLatencyHistogram<std::uint32_t>;
extern template class BasicLatencyHistogram<std::uint64_t>;

/// Of one session: there are many, so it is small.
using LatencyHistogram = BasicLatencyHistogram<std::uint32_t>;

/// Of a route: it counts for as long as the process runs, and a bucket would be full after
/// centuries.
using RouteLatencyHistogram = BasicLatencyHistogram<std::uint64_t>;

}  // namespace spillway::observe
