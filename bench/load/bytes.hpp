// What goes over connections.
#pragma once

#include <cstddef>
#include <span>

namespace load {

using Bytes = std::span<const std::byte>;

}  // namespace load
