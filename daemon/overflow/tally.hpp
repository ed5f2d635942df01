// Counts what one direction of one session does.
#pragma once

#include "daemon/observe/flow.hpp"

#include <spillway/clock.hpp>

#include <algorithm>
#include <chrono>
#include <cstddef>
#include <cstdint>
#include <memory>

namespace spillway::overflow {

/// Counts for the session and for its route at once, and shows the session's share in the route's
/// gauges for as long as it exists. Small for a session whose sinks keep up, as most do.
class Tally {
 public:
  /// What every message moves.
  struct Traffic {
    std::uint64_t bytes_in = 0;
    std::uint64_t bytes_out = 0;
    std::uint64_t messages_in = 0;
    std::uint64_t messages_out = 0;
  };
  /// A time in which the sink was not writeable.
  struct Episode {
    std::uint64_t queue_peak = 0;
    observe::FlowCounters::Dropped dropped;
  };

  /// `route` outlives the tally.
  explicit Tally(observe::FlowMetrics& route) : route_(route) {}
  ~Tally() {
    show_queue(0, 0);
    route_.counters.unsent_bytes += counters().in_transit_bytes();
  }
  Tally(const Tally&) = delete;
  Tally& operator=(const Tally&) = delete;

  /// `change` is called with the session's Traffic, and with the route's counters.
  template <class Change>
  void count(Change change) {
    change(traffic_);
    change(route_.counters);
  }
  /// The same for everything else in the counters.
  template <class Change>
  void count_trouble(Change change) {
    change(troubles().counters);
    change(route_.counters);
  }

  /// What the queue holds now.
  void show_queue(std::size_t bytes, std::size_t messages) {
    route_.queued_bytes += bytes - shown_bytes_;
    route_.queued_messages += messages - shown_messages_;
    shown_bytes_ = static_cast<std::uint32_t>(bytes);
    shown_messages_ = static_cast<std::uint32_t>(messages);
  }
  /// The everyday case: it holds nothing, and mostly did before. No message is without a byte.
  void show_nothing() {
    if (shown_bytes_ > 0) show_queue(0, 0);
  }
  void note_depth(std::size_t bytes) {
    queue_peak_ = std::max(queue_peak_, static_cast<std::uint32_t>(bytes));
    route_.queue_peak = std::max<std::uint64_t>(route_.queue_peak, bytes);
    route_.recent_queue_peak = std::max<std::uint64_t>(route_.recent_queue_peak, bytes);
    if (troubles_) {
      troubles_->episode_peak = std::max<std::uint64_t>(troubles_->episode_peak, bytes);
    }
  }

  void begin_pause(TimePoint now) {
    count_trouble([](auto& counters) { ++counters.pauses; });
    troubles_->paused_since = now;
  }
  /// What the pause lasted so far. REQUIRES: one has begun.
  void count_pause(TimePoint now) {
    using observe::FlowCounters;
    const auto paused =
        std::chrono::duration_cast<FlowCounters::Paused>(now - troubles_->paused_since);
    troubles_->paused_since += paused;
    count_trouble([paused](auto& counters) { counters.paused += paused; });
  }

  void begin_episode() {
    Troubles& now = troubles();
    now.episode_peak = 0;
    now.dropped_before = dropped();
  }
  /// So far.
  [[nodiscard]] Episode episode() const;

  [[nodiscard]] observe::FlowCounters counters() const;
  [[nodiscard]] std::uint64_t queue_peak() const { return queue_peak_; }
  [[nodiscard]] observe::FlowMetrics& route() { return route_; }

 private:
  /// What is all zero as long as the sink keeps up and nothing goes wrong.
  struct Troubles {
    observe::FlowCounters counters;  // but for the traffic
    TimePoint paused_since{};
    std::uint64_t episode_peak = 0;
    observe::FlowCounters::Dropped dropped_before;  // the episode
  };

  Troubles& troubles() {
    if (!troubles_) troubles_ = std::make_unique<Troubles>();
    return *troubles_;
  }
  [[nodiscard]] observe::FlowCounters::Dropped dropped() const {
    return {troubles_->counters.dropped_messages(), troubles_->counters.dropped_bytes()};
  }

  observe::FlowMetrics& route_;
  Traffic traffic_;
  std::unique_ptr<Troubles> troubles_;  // made for the first one, kept for the rest of the session
  // A queue is smaller than 4 GiB: its limit, and one message that may be as large.
  std::uint32_t queue_peak_ = 0;
  std::uint32_t shown_bytes_ = 0;
  std::uint32_t shown_messages_ = 0;
};

inline Tally::Episode Tally::episode() const {
  if (!troubles_) return {};
  const auto now = dropped();
  const auto& before = troubles_->dropped_before;
  return {.queue_peak = troubles_->episode_peak,
          .dropped = {now.messages - before.messages, now.bytes - before.bytes}};
}

inline observe::FlowCounters Tally::counters() const {
  observe::FlowCounters all = troubles_ ? troubles_->counters : observe::FlowCounters{};
  all.bytes_in = traffic_.bytes_in;
  all.bytes_out = traffic_.bytes_out;
  all.messages_in = traffic_.messages_in;
  all.messages_out = traffic_.messages_out;
  return all;
}

}  // namespace spillway::overflow
