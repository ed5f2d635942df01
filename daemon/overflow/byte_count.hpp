// How often a byte occurs.
#pragma once

#include <spillway/bytes.hpp>

#include <cstddef>

namespace spillway::overflow {

/// How many of `bytes` are `byte`. Costs a fraction of a search for one after the other.
std::size_t count_of(std::byte byte, Bytes bytes);

}  // namespace spillway::overflow
