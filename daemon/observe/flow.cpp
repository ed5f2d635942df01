#include "daemon/observe/flow.hpp"

#include <algorithm>
#include <cassert>

namespace spillway::observe {

namespace {

/// Calls `visit` with each counter of both: the one list of them all.
template <typename Counters, typename Visit>
void for_each(Counters& mine, const FlowCounters& other, Visit visit) {
  visit(mine.bytes_in, other.bytes_in);
  visit(mine.bytes_out, other.bytes_out);
  visit(mine.messages_in, other.messages_in);
  visit(mine.messages_out, other.messages_out);
  visit(mine.dropped_by_policy.messages, other.dropped_by_policy.messages);
  visit(mine.dropped_by_policy.bytes, other.dropped_by_policy.bytes);
  visit(mine.dropped_by_age.messages, other.dropped_by_age.messages);
  visit(mine.dropped_by_age.bytes, other.dropped_by_age.bytes);
  visit(mine.dropped_partial.messages, other.dropped_partial.messages);
  visit(mine.dropped_partial.bytes, other.dropped_partial.bytes);
  visit(mine.unsent_bytes, other.unsent_bytes);
  visit(mine.refused_not_connected, other.refused_not_connected);
  visit(mine.refused_not_ready, other.refused_not_ready);
  visit(mine.refused_not_writeable, other.refused_not_writeable);
  visit(mine.pauses, other.pauses);
  visit(mine.resumes, other.resumes);
  visit(mine.paused, other.paused);
  visit(mine.slow_consumers, other.slow_consumers);
  visit(mine.closed_slow_consumer, other.closed_slow_consumer);
  visit(mine.closed_stalled, other.closed_stalled);
  visit(mine.closed_memory, other.closed_memory);
}

}  // namespace

std::string_view to_string(Direction direction) {
  return direction == Direction::to_client ? "to_client" : "to_upstream";
}

std::uint64_t FlowCounters::dropped_messages() const {
  return dropped_by_policy.messages + dropped_by_age.messages + dropped_partial.messages;
}

std::uint64_t FlowCounters::dropped_bytes() const {
  return dropped_by_policy.bytes + dropped_by_age.bytes + dropped_partial.bytes;
}

std::uint64_t FlowCounters::in_transit_bytes() const {
  return bytes_in - bytes_out - dropped_bytes() - unsent_bytes;
}

FlowCounters& FlowCounters::operator+=(const FlowCounters& other) {
  for_each(*this, other, [](auto& mine, const auto& theirs) { mine += theirs; });
  return *this;
}

FlowCounters& FlowCounters::operator-=(const FlowCounters& before) {
  assert(continues(before));
  for_each(*this, before, [](auto& mine, const auto& earlier) { mine -= earlier; });
  return *this;
}

bool FlowCounters::continues(const FlowCounters& before) const {
  bool none_fell = true;
  for_each(*this, before, [&none_fell](const auto& mine, const auto& earlier) {
    none_fell = none_fell && mine >= earlier;
  });
  return none_fell;
}

std::uint64_t FlowMetrics::sending_bytes() const {
  return counters.in_transit_bytes() - queued_bytes;
}

FlowMetrics& FlowMetrics::operator+=(const FlowMetrics& other) {
  counters += other.counters;
  send_latency += other.send_latency;
  queue_latency += other.queue_latency;
  queued_bytes += other.queued_bytes;
  queued_messages += other.queued_messages;
  throttled += other.throttled;
  slow += other.slow;
  queue_peak = std::max(queue_peak, other.queue_peak);
  recent_queue_peak = std::max(recent_queue_peak, other.recent_queue_peak);
  return *this;
}

}  // namespace spillway::observe
