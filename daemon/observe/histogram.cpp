#include "daemon/observe/histogram.hpp"

#include <algorithm>
#include <limits>

namespace spillway::observe {

void LatencyHistogram::record(LatencySample sample, std::uint64_t times) {
  if (all_) return all_->record(sample, times);
  if (times == 0) return;
  const auto bucket = static_cast<std::uint8_t>(sample.bucket());
  std::size_t place = 0;
  while (place < few && counts_[place] > 0 && buckets_[place] != bucket) ++place;
  if (place == few || times > std::numeric_limits<std::uint32_t>::max() - counts_[place]) {
    all_ = std::make_unique<Full>(full());
    return all_->record(sample, times);
  }
  buckets_[place] = bucket;
  counts_[place] += static_cast<std::uint32_t>(times);
  max_us_ = std::max(max_us_, sample.us());
}

LatencyHistogram::Full LatencyHistogram::full() const {
  if (all_) return *all_;
  Full full;
  for (std::size_t place = 0; place < few; ++place) full.add(buckets_[place], counts_[place]);
  full.max_us_ = max_us_;
  return full;
}

}  // namespace spillway::observe
