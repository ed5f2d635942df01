// How much a terminal shows.
#pragma once

#include <cstddef>
#include <optional>

namespace spillway::server::admin {

struct TerminalSize {
  std::size_t lines;
  std::size_t columns;
};

/// None if `descriptor` is no terminal. One that does not know its size counts as a small one.
std::optional<TerminalSize> terminal_size(int descriptor);

}  // namespace spillway::server::admin
