// What the pipes of one run share.
#pragma once

#include "daemon/observe/flow.hpp"
#include "daemon/overflow/chunk_pool.hpp"
#include "daemon/overflow/framing.hpp"
#include "daemon/overflow/lane.hpp"
#include "tests/overflow_simulation/setting.hpp"
#include "tests/simulation/trace.hpp"
#include "tests/simulation/verdict.hpp"

#include <spillway/clock.hpp>
#include <spillway/scheduler.hpp>

#include <utility>

namespace spillway::overflow_simulation {

struct Route {
  Route(Setting with, simulation::Trace with_trace)
      : setting(std::move(with)), trace(std::move(with_trace)) {}

  Setting setting;
  simulation::Trace trace;
  simulation::Verdict verdict;
  ManualClock clock;
  Scheduler scheduler{clock};
  overflow::MemoryLimit memory{256, [] {}};  // so small that every byte is passed on at once
  overflow::MemoryAccount account{memory};
  overflow::ChunkPool chunks{account};
  overflow::Framing framing{setting.framing, setting.max_message};
  observe::FlowMetrics metrics;
  overflow::Lane lane{scheduler, chunks, framing, setting.overflow, observe::Direction::to_client,
                      metrics};
};

}  // namespace spillway::overflow_simulation
