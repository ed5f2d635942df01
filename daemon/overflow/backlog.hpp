// What a queue holds while something waits.
#pragma once

#include "daemon/overflow/arrivals.hpp"
#include "daemon/overflow/byte_fifo.hpp"
#include "daemon/overflow/framer.hpp"

#include <spillway/clock.hpp>

#include <cstddef>
#include <optional>

namespace spillway::overflow {

/// Lent by the loop's pool for as long as its queue holds a byte, and then given back: an idle
/// session has none. Empty while it is in the pool.
struct Backlog {
  explicit Backlog(ChunkPool& chunks) : begun(chunks), stored(chunks) {}

  ByteFifo begun;
  TimePoint begun_at{};        // when it arrived
  ByteFifo stored;             // everything behind
  std::optional<Framer> head;  // at the first stored byte; set while it is lent
  Arrivals arrivals;
  std::size_t messages = 0;  // that end in begun and stored
  std::size_t partial = 0;   // bytes of `stored` in a message that has not ended
};

}  // namespace spillway::overflow
