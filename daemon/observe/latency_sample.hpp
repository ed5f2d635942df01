// A latency as histograms see it.
#pragma once

#include <algorithm>
#include <bit>
#include <chrono>
#include <cstddef>
#include <cstdint>

namespace spillway::observe {

/// Microseconds, and the bucket they fall into: found once, in however many histograms it counts.
/// Buckets are linear within each power of two, so that a bucket's greatest value is at most a
/// quarter above its least. The last one takes everything beyond half an hour.
class LatencySample {
  static constexpr unsigned parts_bits = 2;  // four buckets to a power of two
  static constexpr std::uint64_t parts = std::uint64_t{1} << parts_bits;
  static constexpr unsigned powers = 31;

 public:
  static constexpr std::size_t buckets = (powers - parts_bits + 1) << parts_bits;

  template <class Rep, class Period>
  constexpr LatencySample(std::chrono::duration<Rep, Period> latency)
      : LatencySample(of(std::chrono::nanoseconds(latency))) {}

  [[nodiscard]] constexpr std::uint64_t us() const { return us_; }
  [[nodiscard]] constexpr std::size_t bucket() const { return bucket_; }

  /// The greatest value that falls into the bucket; the last one takes greater ones too.
  static constexpr std::uint64_t top_of(std::size_t bucket) {
    if (bucket < parts) return bucket;
    const std::size_t shift = (bucket >> parts_bits) - 1;
    const std::uint64_t first = (parts + (bucket & (parts - 1))) << shift;
    return first + (std::uint64_t{1} << shift) - 1;
  }

 private:
  explicit constexpr LatencySample(std::uint64_t us) : us_(us), bucket_(bucket_of(us)) {}

  static constexpr std::uint64_t of(std::chrono::nanoseconds latency) {
    return static_cast<std::uint64_t>(std::max<std::int64_t>(latency.count() / 1000, 0));
  }

  static constexpr std::size_t bucket_of(std::uint64_t us) {
    if (us < parts) return us;
    const auto power = static_cast<unsigned>(std::bit_width(us)) - 1;
    if (power >= powers) return buckets - 1;
    const std::uint64_t part = (us >> (power - parts_bits)) - parts;
    return ((power - parts_bits + 1) << parts_bits) + part;
  }

  std::uint64_t us_;
  std::size_t bucket_;
};

}  // namespace spillway::observe
