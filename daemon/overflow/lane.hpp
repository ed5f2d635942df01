// What the pipes of one direction of a route share on one loop.
#pragma once

#include "daemon/config/config.hpp"
#include "daemon/observe/flow.hpp"
#include "daemon/overflow/queue.hpp"

#include <spillway/scheduler.hpp>

namespace spillway::overflow {

/// Kept once and not in every pipe: most sessions are idle, and there are many. What it refers to
/// outlives it.
struct Lane {
  Lane(Scheduler& loop, ChunkPool& chunks, const Framing& framing, const config::Overflow& options,
       observe::Direction way, observe::FlowMetrics& figures)
      : scheduler(loop),
        overflow(options),
        metrics(figures),
        queue{.chunks = chunks,
              .framing = framing,
              .content = config::drops(options.policy) ? Queue::Content::whole_messages
                                                       : Queue::Content::stream,
              .limits = {.bytes = options.queue, .messages = options.queue_messages}},
        direction(way) {}

  Scheduler& scheduler;
  const config::Overflow& overflow;
  observe::FlowMetrics& metrics;  // the route's, of this direction
  Queue::Rules queue;
  observe::Direction direction;
};

}  // namespace spillway::overflow
