#include "daemon/observe/overflow_log.hpp"

#include "daemon/observe/milliseconds.hpp"

namespace spillway::observe {

namespace {

using config::LogLevel;

void add_consumer(Event& event, const Consumer& consumer) {
  event.with("conn", consumer.session)
      .with("route", consumer.route)
      .with("direction", to_string(consumer.direction))
      .with("peer", consumer.peer);
}

void add_backlog(Event& event, const SlowConsumer& record) {
  event.with("throttled_ms", milliseconds(record.throttled))
      .with("queued_bytes", record.queued_bytes)
      .with("queued_messages", record.queued_messages)
      .with("pending_bytes", record.pending_bytes);
}

}  // namespace

Event slow_consumer(const SlowConsumer& record) {
  Event event(LogLevel::warning, "slow_consumer");
  add_consumer(event, record.consumer);
  add_backlog(event, record);
  return event;
}

Event slow_consumer_closed(const SlowConsumer& record, std::string_view reason) {
  Event event(LogLevel::warning, "slow_consumer_closed");
  add_consumer(event, record.consumer);
  event.with("reason", reason);
  add_backlog(event, record);
  return event;
}

Event slow_consumer_recovered(const RecoveredConsumer& record) {
  Event event(LogLevel::info, "slow_consumer_recovered");
  add_consumer(event, record.consumer);
  event.with("duration_ms", milliseconds(record.duration))
      .with("queue_peak", record.queue_peak)
      .with("dropped_messages", record.dropped.messages)
      .with("dropped_bytes", record.dropped.bytes);
  return event;
}

Event memory_limit(const MemoryVictim& record) {
  Event event(LogLevel::warning, "memory_limit");
  event.with("conn", record.session)
      .with("route", record.route)
      .with("held_bytes", record.held_bytes)
      .with("queued_bytes", record.queued_bytes)
      .with("limit", record.limit);
  return event;
}

}  // namespace spillway::observe
