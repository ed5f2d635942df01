// Counts what one direction of one session does.
#pragma once

#include "daemon/observe/flow.hpp"

#include <algorithm>
#include <cstddef>
#include <cstdint>

namespace spillway::overflow {

/// Counts for the session and for its route at once, and shows the session's share in the route's
/// gauges for as long as it exists.
class Tally {
 public:
  /// `route` outlives the tally.
  explicit Tally(observe::FlowMetrics& route) : route_(route) {}
  ~Tally() {
    show_queue(0, 0);
    route_.counters.unsent_bytes += counters_.in_transit_bytes();
  }
  Tally(const Tally&) = delete;
  Tally& operator=(const Tally&) = delete;

  /// `change` is called with each set of counters.
  template <class Change>
  void count(Change change) {
    change(counters_);
    change(route_.counters);
  }

  /// What the queue holds now.
  void show_queue(std::size_t bytes, std::size_t messages) {
    route_.queued_bytes += bytes - shown_bytes_;
    route_.queued_messages += messages - shown_messages_;
    shown_bytes_ = bytes;
    shown_messages_ = messages;
  }
  void note_depth(std::size_t bytes) {
    queue_peak_ = std::max<std::uint64_t>(queue_peak_, bytes);
    route_.queue_peak = std::max<std::uint64_t>(route_.queue_peak, bytes);
    route_.recent_queue_peak = std::max<std::uint64_t>(route_.recent_queue_peak, bytes);
  }

  [[nodiscard]] const observe::FlowCounters& counters() const { return counters_; }
  [[nodiscard]] std::uint64_t queue_peak() const { return queue_peak_; }
  [[nodiscard]] observe::FlowMetrics& route() { return route_; }

 private:
  observe::FlowMetrics& route_;
  observe::FlowCounters counters_;
  std::uint64_t queue_peak_ = 0;
  std::size_t shown_bytes_ = 0;
  std::size_t shown_messages_ = 0;
};

}  // namespace spillway::overflow
