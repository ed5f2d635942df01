#include "daemon/proxy/deadline.hpp"

#include <algorithm>

namespace spillway::proxy {

std::optional<Deadline> next_deadline(const config::Timeouts& timeouts, const Activity& activity) {
  std::optional<Deadline> earliest;
  const auto consider = [&earliest](TimePoint since, std::chrono::milliseconds timeout,
                                    std::string_view name) {
    if (timeout.count() == 0) return;
    const TimePoint at = since + timeout;
    if (!earliest || at < earliest->at) earliest = Deadline{at, name};
  };
  consider(activity.last_progress, timeouts.idle, "idle");
  consider(activity.opened, timeouts.lifetime, "lifetime");
  if (activity.half_closed) {
    consider(std::max(*activity.half_closed, activity.last_progress), timeouts.half_close,
             "half_close");
  }
  return earliest;
}

}  // namespace spillway::proxy
