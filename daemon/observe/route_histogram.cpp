#include "daemon/observe/route_histogram.hpp"

#include <cassert>
#include <cmath>
#include <functional>

namespace spillway::observe {

template <std::unsigned_integral Count>
std::uint64_t BasicLatencyHistogram<Count>::quantile_us(double share) const {
  if (count_ == 0) return 0;
  const double exact = std::ceil(share * static_cast<double>(count_));
  const std::uint64_t rank = std::max<std::uint64_t>(static_cast<std::uint64_t>(exact), 1);
  std::uint64_t seen = 0;
  for (std::size_t bucket = 0; bucket < counts_.size(); ++bucket) {
    seen += counts_[bucket];
    if (seen >= rank) return std::min(LatencySample::top_of(bucket), max_us_);
  }
  return max_us_;
}

template <std::unsigned_integral Count>
std::uint64_t BasicLatencyHistogram<Count>::count_up_to(std::size_t bucket) const {
  std::uint64_t count = 0;
  for (std::size_t each = 0; each <= bucket && each < counts_.size(); ++each) {
    count += counts_[each];
  }
  return count;
}

template <std::unsigned_integral Count>
BasicLatencyHistogram<Count>& BasicLatencyHistogram<Count>::operator+=(
    const BasicLatencyHistogram& other) {
  for (std::size_t bucket = 0; bucket < counts_.size(); ++bucket) {
    add(bucket, other.counts_[bucket]);
  }
  max_us_ = std::max(max_us_, other.max_us_);
  sum_us_ += other.sum_us_;
  return *this;
}

template <std::unsigned_integral Count>
BasicLatencyHistogram<Count>& BasicLatencyHistogram<Count>::operator-=(
    const BasicLatencyHistogram& before) {
  assert(continues(before));
  std::uint64_t top = 0;
  for (std::size_t bucket = 0; bucket < counts_.size(); ++bucket) {
    counts_[bucket] -= before.counts_[bucket];
    if (counts_[bucket] > 0) {
      top = bucket + 1 < counts_.size() ? LatencySample::top_of(bucket) : max_us_;
    }
  }
  count_ -= before.count_;
  sum_us_ -= before.sum_us_;
  max_us_ = std::min(max_us_, top);
  return *this;
}

template <std::unsigned_integral Count>
bool BasicLatencyHistogram<Count>::continues(const BasicLatencyHistogram& before) const {
  return max_us_ >= before.max_us_ &&
         std::ranges::equal(counts_, before.counts_, std::greater_equal{});
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
