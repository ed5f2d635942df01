#include "daemon/config/worst_case.hpp"

#include <algorithm>
#include <limits>
#include <vector>

namespace spillway::config {

namespace {

// The bound of a pipe: queue limit + one message + what one partly written send leaves. The
// read buffer belongs to the event loop, and the memory of connections and TLS is not data.

// When messages arrived, and the list of chunks.
constexpr std::size_t bookkeeping_floor = 4 * 1024;
constexpr std::size_t bookkeeping_part = 4;  // a quarter of the queue

/// Policies that drop keep apart the message that is leaving in pieces.
constexpr std::size_t rows_of_bytes(OverflowPolicy policy) { return drops(policy) ? 2 : 1; }

/// What waits in the fullest queue: `close` lets nothing in that does not fit, `pause` the read
/// that found it full, and a policy that drops the message that is not whole yet.
std::size_t queued(const Overflow& overflow, std::size_t max_message) {
  if (overflow.policy == OverflowPolicy::close) return overflow.queue;
  if (overflow.policy == OverflowPolicy::pause) return overflow.queue + largest_read;
  return overflow.queue + max_message;
}

/// What storing so many bytes in chunks wastes at most.
std::size_t wasted(std::size_t bytes, std::size_t rows) {
  if (bytes == 0) return 0;
  const std::size_t rounding = (queue_chunk - bytes % queue_chunk) % queue_chunk;
  return rounding + (2 * rows - 1) * queue_chunk;
}

std::size_t plus(std::size_t one, std::size_t other) {
  constexpr std::size_t most = std::numeric_limits<std::size_t>::max();
  return one > most - other ? most : one + other;
}

std::size_t times(std::size_t one, std::size_t other) {
  constexpr std::size_t most = std::numeric_limits<std::size_t>::max();
  return other != 0 && one > most / other ? most : one * other;
}

/// Sessions that are alike.
struct Kind {
  HeldMemory each;
  std::size_t sessions;
};

/// What the `sessions` most expensive ones of all kinds sum up to, by `cost` of each.
template <class Cost>
std::size_t sum_of_dearest(std::vector<Kind> kinds, std::size_t sessions, Cost cost) {
  std::sort(kinds.begin(), kinds.end(), [cost](const Kind& left, const Kind& right) {
    return cost(left.each) > cost(right.each);
  });
  std::size_t sum = 0;
  for (const Kind& kind : kinds) {
    const std::size_t taken = std::min(kind.sessions, sessions);
    sessions -= taken;
    sum = plus(sum, times(cost(kind.each), taken));
  }
  return sum;
}

}  // namespace

HeldMemory worst_case(const Overflow& overflow, std::size_t max_message) {
  HeldMemory held;
  held.queued = queued(overflow, max_message);
  held.beside = wasted(held.queued, rows_of_bytes(overflow.policy)) +
                overflow.queue / bookkeeping_part + bookkeeping_floor + largest_send;
  return held;
}

HeldMemory worst_case(const Route& route) {
  HeldMemory held = worst_case(route.to_client, route.max_message);
  if (route.upstream) {
    const HeldMemory to_upstream = worst_case(route.to_upstream, route.max_message);
    held.queued += to_upstream.queued;
    held.beside += to_upstream.beside;
  }
  return held;
}

std::optional<std::size_t> most_sessions(const Route& route, const Limits& limits) {
  if (route.limits.connections == 0 && limits.connections == 0) return std::nullopt;
  if (route.limits.connections == 0) return limits.connections;
  if (limits.connections == 0) return route.limits.connections;
  return std::min(route.limits.connections, limits.connections);
}

std::optional<ProcessMemory> worst_case(const Config& config) {
  std::vector<Kind> kinds;
  std::size_t sessions = 0;
  for (const Route& route : config.routes) {
    const auto most = most_sessions(route, config.limits);
    if (!most) return std::nullopt;
    kinds.push_back({worst_case(route), *most});
    sessions += *most;
  }
  if (config.limits.connections > 0) sessions = std::min(sessions, config.limits.connections);

  ProcessMemory memory{};
  memory.sessions = sessions;
  memory.queued =
      sum_of_dearest(kinds, sessions, [](const HeldMemory& held) { return held.queued; });
  memory.total =
      sum_of_dearest(kinds, sessions, [](const HeldMemory& held) { return held.total(); });
  if (config.limits.memory > 0) {
    const std::size_t beside =
        sum_of_dearest(kinds, sessions, [](const HeldMemory& held) { return held.beside; });
    memory.total = std::min(memory.total, plus(config.limits.memory, beside));
  }
  return memory;
}

}  // namespace spillway::config
