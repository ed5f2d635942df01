// What is counted of the bytes that pass in one direction.
#pragma once

#include "daemon/observe/route_histogram.hpp"

#include <chrono>
#include <cstddef>
#include <cstdint>
#include <string_view>

namespace spillway::observe {

enum class Direction { to_client, to_upstream };

std::string_view to_string(Direction direction);

/// Numbers that only grow. At any time
/// `bytes_in = bytes_out + dropped_bytes() + in_transit_bytes() + unsent_bytes`.
struct FlowCounters {
  /// In nanoseconds, a hundred thousand sources that pause at once would not fit for longer than a
  /// day.
  using Paused = std::chrono::microseconds;

  struct Dropped {
    std::uint64_t messages = 0;
    std::uint64_t bytes = 0;

    bool operator==(const Dropped&) const = default;
  };

  std::uint64_t bytes_in = 0;
  std::uint64_t bytes_out = 0;  // handed to the operating system of the receiving side
  std::uint64_t messages_in = 0;
  std::uint64_t messages_out = 0;
  Dropped dropped_by_policy{};  // `{}`: an initializer list may leave it out
  Dropped dropped_by_age{};
  Dropped dropped_partial{};       // the source ended within a message
  std::uint64_t unsent_bytes = 0;  // neither sent nor dropped when the session was over
  std::uint64_t refused_not_connected = 0;
  std::uint64_t refused_not_ready = 0;
  std::uint64_t refused_not_writeable = 0;
  std::uint64_t pauses = 0;
  std::uint64_t resumes = 0;
  Paused paused{0};
  std::uint64_t slow_consumers = 0;  // episodes
  std::uint64_t closed_slow_consumer = 0;
  std::uint64_t closed_stalled = 0;
  std::uint64_t closed_memory = 0;

  [[nodiscard]] std::uint64_t dropped_messages() const;
  [[nodiscard]] std::uint64_t dropped_bytes() const;
  /// What is queued or being sent: received, and nowhere else by now.
  [[nodiscard]] std::uint64_t in_transit_bytes() const;

  FlowCounters& operator+=(const FlowCounters& other);
  /// What was counted since `before`. REQUIRES: `continues(before)`.
  FlowCounters& operator-=(const FlowCounters& before);
  /// Whether `before` can be an earlier state of these: none fell.
  [[nodiscard]] bool continues(const FlowCounters& before) const;

  bool operator==(const FlowCounters&) const = default;
};

/// One direction of one route on one loop (or, added up, on all). For its loop's thread.
struct FlowMetrics {
  FlowCounters counters;
  RouteLatencyHistogram send_latency;   // from `send()` accepting bytes to their `on_sent`
  RouteLatencyHistogram queue_latency;  // of messages, from arrival to `send()`

  // As it is now.
  std::uint64_t queued_bytes = 0;
  std::uint64_t queued_messages = 0;
  std::uint64_t throttled = 0;  // sessions whose sink is not writeable
  std::uint64_t slow = 0;       // of these, those that are slow consumers

  // The highest depth of one session's queue in bytes: ever, and since the last metrics line.
  std::uint64_t queue_peak = 0;
  std::uint64_t recent_queue_peak = 0;

  /// Accepted by `send()`, and not yet with the operating system.
  [[nodiscard]] std::uint64_t sending_bytes() const;

  FlowMetrics& operator+=(const FlowMetrics& other);
};

}  // namespace spillway::observe
