// Proves to the service manager that the daemon is alive.
#pragma once

#include "daemon/server/admin/survey.hpp"

#include <boost/asio/io_context.hpp>
#include <boost/asio/steady_timer.hpp>

#include <chrono>
#include <cstddef>
#include <functional>
#include <vector>

namespace spillway::server::service {

/// Feeds the manager's watchdog twice per interval, each time once every event loop has answered,
/// and not at all while one does not. Runs on the control thread, which proves itself by that.
class Watchdog {
 public:
  struct Events {
    std::function<void()> feed;
    /// These loops did not answer within half an interval.
    std::function<void(const std::vector<std::size_t>& loops)> withhold;
  };

  /// `control` outlives the watchdog, which outlives the loops' threads.
  Watchdog(boost::asio::io_context& control, const admin::Loops& loops,
           std::chrono::microseconds interval, Events events);

  /// From now on.
  void start() { ask(); }

 private:
  void ask();

  std::chrono::milliseconds half_;
  admin::Survey<bool> pings_;
  boost::asio::steady_timer timer_;
  Events events_;
};

}  // namespace spillway::server::service
