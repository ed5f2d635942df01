// The most that the daemon can come to hold of its peers' data.
#pragma once

#include "daemon/config/config.hpp"

#include <cstddef>
#include <optional>

namespace spillway::config {

// What holds the data holds so much at a time; daemon/overflow asserts that it does.

/// Queues store in chunks. Of a row of bytes the first and the last one may be nearly empty.
inline constexpr std::size_t queue_chunk = 16 * 1024;
/// What one read of a connection takes at most.
inline constexpr std::size_t largest_read = 256 * 1024;
/// Left of the send in which a peer stalls that was fast until then.
inline constexpr std::size_t largest_send = 272 * 1024;
/// Left of a send to any other peer.
inline constexpr std::size_t cautious_send = 64 * 1024;

/// A bound in bytes.
struct HeldMemory {
  std::size_t queued = 0;  // waits in queues: what `limits.memory` is about
  std::size_t beside = 0;  // what queues cost besides, and what was sent in part

  [[nodiscard]] std::size_t total() const { return queued + beside; }
};

/// Of one direction of one session, where messages are at most `max_message` bytes long.
HeldMemory worst_case(const Overflow& overflow, std::size_t max_message);

/// Of one session.
HeldMemory worst_case(const Route& route);

/// How many sessions of the route there can be at a time; none = nothing limits them.
std::optional<std::size_t> most_sessions(const Route& route, const Limits& limits);

/// Of all sessions together.
struct ProcessMemory {
  std::size_t sessions;
  std::size_t queued;  // without regard to `limits.memory`
  std::size_t total;   // with it
};

/// None where nothing limits how many sessions there are.
std::optional<ProcessMemory> worst_case(const Config& config);

}  // namespace spillway::config
