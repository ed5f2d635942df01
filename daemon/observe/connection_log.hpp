// The one line that each session leaves.
#pragma once

#include "daemon/config/config.hpp"
#include "daemon/observe/event.hpp"

#include <spillway/tls/tls_layer.hpp>

#include <chrono>
#include <cstdint>
#include <string>

namespace spillway::observe {

/// What one direction of a session did. `in = out + dropped + unsent`, always.
struct FlowFigures {
  std::uint64_t bytes_in = 0;
  std::uint64_t bytes_out = 0;  // handed to the operating system of the receiving side
  std::uint64_t messages_in = 0;
  std::uint64_t messages_out = 0;
  std::uint64_t dropped_messages = 0;
  std::uint64_t dropped_bytes = 0;
  std::uint64_t pauses = 0;
  std::chrono::nanoseconds paused{0};
  std::uint64_t queue_peak = 0;  // bytes

  [[nodiscard]] std::uint64_t unsent() const { return bytes_in - bytes_out - dropped_bytes; }
};

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

Event connection_closed(config::LogLevel level, const ConnectionRecord& record);

}  // namespace spillway::observe
