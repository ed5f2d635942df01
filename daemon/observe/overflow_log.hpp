// The lines about peers that cannot keep up.
#pragma once

#include "daemon/observe/event.hpp"
#include "daemon/observe/flow.hpp"

#include <chrono>
#include <cstdint>
#include <string>
#include <string_view>

namespace spillway::observe {

/// Whom a line is about.
struct Consumer {
  std::uint64_t session = 0;
  std::string route;
  Direction direction = Direction::to_client;
  std::string peer;
};

/// A sink that was not writeable for `slow_after`, at that moment.
struct SlowConsumer {
  Consumer consumer{};
  std::chrono::nanoseconds throttled{0};
  std::uint64_t queued_bytes = 0;
  std::uint64_t queued_messages = 0;
  std::uint64_t pending_bytes = 0;  // accepted by `send()`, and not yet with the operating system
};

/// The same one, writeable again.
struct RecoveredConsumer {
  Consumer consumer{};
  // Of the whole time that it was not writeable.
  std::chrono::nanoseconds duration{0};
  std::uint64_t queue_peak = 0;  // bytes
  FlowCounters::Dropped dropped{};
};

/// A session that ends because all together hold too much, and it holds most.
struct MemoryVictim {
  std::uint64_t session = 0;
  std::string route;
  std::uint64_t held_bytes = 0;    // by this session
  std::uint64_t queued_bytes = 0;  // by all
  std::uint64_t limit = 0;
};

Event slow_consumer(const SlowConsumer& record);
Event slow_consumer_recovered(const RecoveredConsumer& record);
/// It was closed for that: `reason` is the session's end.
Event slow_consumer_closed(const SlowConsumer& record, std::string_view reason);
Event memory_limit(const MemoryVictim& record);

}  // namespace spillway::observe
