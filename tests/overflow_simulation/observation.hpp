// What can be seen of a pipe and its connections from outside.
#pragma once

#include "daemon/observe/flow_figures.hpp"

#include <cstddef>

namespace spillway::overflow_simulation {

struct Observation {
  observe::FlowFigures figures = {};
  std::size_t queued_bytes = 0;
  std::size_t queued_messages = 0;
  bool finished = false;
  bool source_muted = false;
  /// Plain bytes that the sink accepted so far.
  std::size_t accepted = 0;
  bool sink_open = false;
  bool sink_writeable = false;
  /// Without a last goodbye of a layer.
  std::size_t sink_pending = 0;
  /// The sink's connection met an error: the pipe may have heard or not.
  bool sink_lost = false;
};

}  // namespace spillway::overflow_simulation
