#include "bench/load/pattern.hpp"

#include <algorithm>
#include <random>

namespace load {

namespace {

// A prime, so that no piece or record that gets lost, doubled or swapped goes unnoticed; with lines
// it is the most that consists of whole ones.
constexpr std::size_t longest_period = Pattern::most_in_line;

constexpr std::byte line_feed{'\n'};

}  // namespace

Pattern::Pattern(std::optional<std::size_t> line)
    : line_(line.value_or(1)), period_(longest_period / line_ * line_), bytes_(period_ + most) {
  std::minstd_rand random;
  std::generate_n(bytes_.begin(), period_, [&] { return static_cast<std::byte>(random() >> 16); });
  if (line) {
    std::ranges::replace(bytes_, line_feed, std::byte{' '});
    for (std::size_t end = line_; end <= period_; end += line_) bytes_[end - 1] = line_feed;
  }
  for (std::size_t i = period_; i < bytes_.size(); ++i) bytes_[i] = bytes_[i - period_];
}

Bytes Pattern::at(std::uint64_t position, std::size_t size) const {
  return Bytes(bytes_).subspan(position % period_, size);
}

std::uint16_t Pattern::start_of(std::size_t number) const {
  constexpr std::size_t stride = 7919;
  return static_cast<std::uint16_t>(number * stride % (period_ / line_) * line_);
}

}  // namespace load
