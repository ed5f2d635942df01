// How latencies are spread.
#pragma once

#include <array>
#include <chrono>
#include <cstddef>
#include <cstdint>

namespace load {

/// Counts nanoseconds in buckets that are linear within each power of two: what it says of a
/// quantile is at most 1.6 % off.
class LatencyHistogram {
 public:
  void record(std::chrono::nanoseconds latency);

  [[nodiscard]] std::uint64_t count() const { return count_; }
  /// What the `share` (0 to 1) fastest did not exceed.
  [[nodiscard]] std::chrono::nanoseconds quantile(double share) const;
  [[nodiscard]] std::chrono::nanoseconds max() const { return std::chrono::nanoseconds(max_ns_); }

 private:
  static constexpr unsigned parts_bits = 6;
  static constexpr unsigned powers = 40;  // up to 18 minutes
  static constexpr std::size_t buckets = (powers - parts_bits + 1) << parts_bits;

  static std::size_t bucket_of(std::uint64_t ns);
  static std::uint64_t top_of(std::size_t bucket);

  std::array<std::uint64_t, buckets> counts_{};
  std::uint64_t count_ = 0;
  std::uint64_t max_ns_ = 0;
};

}  // namespace load
