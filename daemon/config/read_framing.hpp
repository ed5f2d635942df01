// The `framing` of a route.
#pragma once

#include "daemon/config/config.hpp"
#include "daemon/config/value.hpp"

#include <cstddef>

namespace spillway::config {

/// What `max_message` and the size of messages may be at most.
inline constexpr std::size_t largest_message = std::size_t{1} << 30;

/// A word, or a map with the one key that says how messages are told apart. A framing whose values
/// are faulty keeps its kind.
Framing read_framing(const Value& value);

}  // namespace spillway::config
