// A ring that grows when it is full.
#pragma once

#include <boost/circular_buffer.hpp>

#include <algorithm>
#include <cstddef>
#include <utility>

namespace spillway::overflow {

/// Appends to `ring`. It starts without memory, doubles, and keeps what it grew to: no allocation
/// in steady state, unlike a deque, which frees and allocates as its ends move.
template <typename T>
void push_growing(boost::circular_buffer<T>& ring, T value) {
  constexpr std::size_t first_capacity = 8;
  if (ring.full()) ring.set_capacity(std::max(first_capacity, 2 * ring.capacity()));
  ring.push_back(std::move(value));
}

}  // namespace spillway::overflow
