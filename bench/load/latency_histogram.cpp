#include "bench/load/latency_histogram.hpp"

#include <algorithm>
#include <bit>
#include <cmath>

namespace load {

void LatencyHistogram::record(std::chrono::nanoseconds latency) {
  const auto ns = static_cast<std::uint64_t>(std::max<std::int64_t>(latency.count(), 0));
  ++counts_[bucket_of(ns)];
  ++count_;
  max_ns_ = std::max(max_ns_, ns);
}

std::chrono::nanoseconds LatencyHistogram::quantile(double share) const {
  const double exact = std::ceil(share * static_cast<double>(count_));
  const auto rank = std::max<std::uint64_t>(static_cast<std::uint64_t>(exact), 1);
  std::uint64_t seen = 0;
  for (std::size_t bucket = 0; bucket < buckets; ++bucket) {
    seen += counts_[bucket];
    if (seen >= rank) return std::chrono::nanoseconds(std::min(top_of(bucket), max_ns_));
  }
  return max();
}

std::size_t LatencyHistogram::bucket_of(std::uint64_t ns) {
  constexpr std::uint64_t parts = std::uint64_t{1} << parts_bits;
  if (ns < parts) return ns;
  const auto power = static_cast<unsigned>(std::bit_width(ns)) - 1;
  if (power >= powers) return buckets - 1;
  const std::uint64_t part = (ns >> (power - parts_bits)) - parts;
  return ((power - parts_bits + 1) << parts_bits) + part;
}

std::uint64_t LatencyHistogram::top_of(std::size_t bucket) {
  constexpr std::size_t parts = std::size_t{1} << parts_bits;
  if (bucket < parts) return bucket;
  const std::size_t shift = (bucket >> parts_bits) - 1;
  const std::uint64_t first = (parts + (bucket & (parts - 1))) << shift;
  return first + (std::uint64_t{1} << shift) - 1;
}

}  // namespace load
