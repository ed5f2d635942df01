// The one line that each session leaves.
#pragma once

#include "daemon/config/config.hpp"
#include "daemon/observe/event.hpp"
#include "daemon/observe/flow_figures.hpp"

#include <spillway/tls/tls_layer.hpp>

#include <chrono>
#include <cstdint>
#include <string>
#include <string_view>

namespace spillway::observe {

/// From `send()` accepting bytes to their `on_sent`, both directions together.
struct LatencyFigures {
  std::uint64_t p50_us = 0;
  std::uint64_t p99_us = 0;
  std::uint64_t max_us = 0;
};

struct ConnectionRecord {
  std::uint64_t id = 0;
  std::string route;
  std::string listen;
  std::string client;
  std::string local;
  std::string upstream;
  TlsSession tls;
  std::chrono::nanoseconds handshake{0};
  std::chrono::nanoseconds connect{0};
  std::chrono::nanoseconds duration{0};
  FlowFigures up;
  FlowFigures down;
  LatencyFigures send;
  std::string_view end_by;
  std::string_view end_reason;
  std::string end_code;
};

/// A connection as it is now: the same keys as at its end, without those of the end.
Event live_connection(config::LogLevel level, const ConnectionRecord& record);

Event connection_closed(config::LogLevel level, const ConnectionRecord& record);

}  // namespace spillway::observe
