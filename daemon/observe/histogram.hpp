// How latencies are spread, in a few hundred bytes.
#pragma once

#include <array>
#include <chrono>
#include <cstddef>
#include <cstdint>

namespace spillway::observe {

/// Counts microseconds in buckets that are linear within each power of two: a quantile is at most
/// a quarter too high, and recording is a few instructions. Latencies beyond half an hour count
/// as half an hour, except in `max_us`.
class LatencyHistogram {
 public:
  void record(std::chrono::nanoseconds latency);

  [[nodiscard]] std::uint64_t count() const { return count_; }
  [[nodiscard]] std::uint64_t max_us() const { return max_us_; }
  /// The latency that the `share` (0 to 1) fastest did not exceed, in microseconds; 0 without any.
  [[nodiscard]] std::uint64_t quantile_us(double share) const;

 private:
  static constexpr unsigned parts_bits = 2;  // four buckets to a power of two
  static constexpr unsigned powers = 31;
  static constexpr std::size_t buckets = (powers - parts_bits + 1) << parts_bits;

  static std::size_t bucket_of(std::uint64_t us);
  /// The greatest value that falls into the bucket.
  static std::uint64_t top_of(std::size_t bucket);

  std::array<std::uint32_t, buckets> counts_{};
  std::uint64_t count_ = 0;
  std::uint64_t max_us_ = 0;
};

}  // namespace spillway::observe
