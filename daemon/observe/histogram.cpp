#include "daemon/observe/histogram.hpp"

#include <algorithm>
#include <bit>
#include <cmath>

namespace spillway::observe {

void LatencyHistogram::record(std::chrono::nanoseconds latency) {
  const auto us = std::max<std::int64_t>(latency.count() / 1000, 0);
  const auto value = static_cast<std::uint64_t>(us);
  ++counts_[bucket_of(value)];
  ++count_;
  max_us_ = std::max(max_us_, value);
}

std::uint64_t LatencyHistogram::quantile_us(double share) const {
  if (count_ == 0) return 0;
  const double exact = std::ceil(share * static_cast<double>(count_));
  const std::uint64_t rank = std::max<std::uint64_t>(static_cast<std::uint64_t>(exact), 1);
  std::uint64_t seen = 0;
  for (std::size_t bucket = 0; bucket < buckets; ++bucket) {
    seen += counts_[bucket];
    if (seen >= rank) return std::min(top_of(bucket), max_us_);
  }
  return max_us_;
}

std::size_t LatencyHistogram::bucket_of(std::uint64_t us) {
  constexpr std::uint64_t parts = std::uint64_t{1} << parts_bits;
  if (us < parts) return us;
  const auto power = static_cast<unsigned>(std::bit_width(us)) - 1;
  if (power >= powers) return buckets - 1;
  const std::uint64_t part = (us >> (power - parts_bits)) - parts;
  return ((power - parts_bits + 1) << parts_bits) + part;
}

std::uint64_t LatencyHistogram::top_of(std::size_t bucket) {
  constexpr std::size_t parts = std::size_t{1} << parts_bits;
  if (bucket < parts) return bucket;
  const std::size_t shift = (bucket >> parts_bits) - 1;
  const std::uint64_t first = (parts + (bucket & (parts - 1))) << shift;
  return first + (std::uint64_t{1} << shift) - 1;
}

}  // namespace spillway::observe
