// A ring that grows when it is full.
#pragma once

#include <boost/circular_buffer.hpp>

#include <algorithm>
#include <cstddef>
#include <limits>
#include <utility>

namespace spillway::overflow {

/// Appends to `ring`. It starts without memory, doubles, and keeps what it grew to: no allocation
/// in steady state, unlike a deque, which frees and allocates as its ends move. It does not double
/// beyond `most`.
template <typename T>
void push_growing(boost::circular_buffer<T>& ring, T value,
                  std::size_t most = std::numeric_limits<std::size_t>::max()) {
  constexpr std::size_t first_capacity = 8;
  if (ring.full()) {
    const std::size_t doubled = std::max(first_capacity, 2 * ring.capacity());
    ring.set_capacity(std::max(std::min(doubled, most), ring.size() + 1));
  }
  ring.push_back(std::move(value));
}

}  // namespace spillway::overflow
