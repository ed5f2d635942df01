#include "daemon/observe/histogram.hpp"

#include <algorithm>
#include <bit>
#include <cassert>
#include <cmath>
#include <functional>
#include <limits>

namespace spillway::observe {

template <std::unsigned_integral Count>
void BasicLatencyHistogram<Count>::record(std::chrono::nanoseconds latency, std::uint64_t times) {
  if (times == 0) return;
  const auto us = std::max<std::int64_t>(latency.count() / 1000, 0);
  const auto value = static_cast<std::uint64_t>(us);
  add(bucket_of(value), times);
  max_us_ = std::max(max_us_, value);
}

template <std::unsigned_integral Count>
std::uint64_t BasicLatencyHistogram<Count>::quantile_us(double share) const {
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

template <std::unsigned_integral Count>
BasicLatencyHistogram<Count>& BasicLatencyHistogram<Count>::operator+=(
    const BasicLatencyHistogram& other) {
  for (std::size_t bucket = 0; bucket < buckets; ++bucket) add(bucket, other.counts_[bucket]);
  max_us_ = std::max(max_us_, other.max_us_);
  return *this;
}

template <std::unsigned_integral Count>
BasicLatencyHistogram<Count>& BasicLatencyHistogram<Count>::operator-=(
    const BasicLatencyHistogram& before) {
  assert(continues(before));
  std::uint64_t top = 0;
  for (std::size_t bucket = 0; bucket < buckets; ++bucket) {
    counts_[bucket] -= before.counts_[bucket];
    if (counts_[bucket] > 0) top = bucket + 1 < buckets ? top_of(bucket) : max_us_;
  }
  count_ -= before.count_;
  max_us_ = std::min(max_us_, top);
  return *this;
}

template <std::unsigned_integral Count>
bool BasicLatencyHistogram<Count>::continues(const BasicLatencyHistogram& before) const {
  return max_us_ >= before.max_us_ &&
         std::ranges::equal(counts_, before.counts_, std::greater_equal{});
}

template <std::unsigned_integral Count>
std::size_t BasicLatencyHistogram<Count>::bucket_of(std::uint64_t us) {
  constexpr std::uint64_t parts = std::uint64_t{1} << parts_bits;
  if (us < parts) return us;
  const auto power = static_cast<unsigned>(std::bit_width(us)) - 1;
  if (power >= powers) return buckets - 1;
  const std::uint64_t part = (us >> (power - parts_bits)) - parts;
  return ((power - parts_bits + 1) << parts_bits) + part;
}

template <std::unsigned_integral Count>
std::uint64_t BasicLatencyHistogram<Count>::top_of(std::size_t bucket) {
  constexpr std::size_t parts = std::size_t{1} << parts_bits;
  if (bucket < parts) return bucket;
  const std::size_t shift = (bucket >> parts_bits) - 1;
  const std::uint64_t first = (parts + (bucket & (parts - 1))) << shift;
  return first + (std::uint64_t{1} << shift) - 1;
}

template <std::unsigned_integral Count>
void BasicLatencyHistogram<Count>::add(std::size_t bucket, std::uint64_t times) {
  while (times > std::numeric_limits<Count>::max() - counts_[bucket]) {
    halve();
    times -= times / 2;  // one sample stays one
  }
  counts_[bucket] += static_cast<Count>(times);
  count_ += times;
}

template <std::unsigned_integral Count>
void BasicLatencyHistogram<Count>::halve() {
  count_ = 0;
  for (Count& bucket : counts_) {
    bucket /= 2;
    count_ += bucket;
  }
}

template class BasicLatencyHistogram<std::uint32_t>;
template class BasicLatencyHistogram<std::uint64_t>;

}  // namespace spillway::observe
