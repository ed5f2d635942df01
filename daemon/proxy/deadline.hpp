// When a session has been quiet, half closed or alive for too long.
#pragma once

#include "daemon/config/config.hpp"

#include <spillway/clock.hpp>

#include <optional>
#include <string_view>

namespace spillway::proxy {

/// What the timeouts are measured against.
struct Activity {
  TimePoint opened;
  /// When bytes last moved, in either direction.
  TimePoint last_progress;
  /// When the first of the two directions ended.
  std::optional<TimePoint> half_closed;
};

struct Deadline {
  TimePoint at;
  /// The timeout's name in the configuration.
  std::string_view name;
};

/// The earliest deadline as things stand; none when every timeout is off. Progress moves it, so
/// it is asked for again when it seems to have come, and not for each message.
std::optional<Deadline> next_deadline(const config::Timeouts& timeouts, const Activity& activity);

}  // namespace spillway::proxy
