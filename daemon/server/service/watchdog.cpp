#include "daemon/server/service/watchdog.hpp"

#include <boost/system/error_code.hpp>

#include <algorithm>
#include <utility>

namespace spillway::server::service {

using std::chrono::milliseconds;

Watchdog::Watchdog(boost::asio::io_context& control, const admin::Loops& loops,
                   std::chrono::microseconds interval, Events events)
    : half_(std::max(std::chrono::duration_cast<milliseconds>(interval / 2), milliseconds(1))),
      pings_(control, loops, half_),
      timer_(control),
      events_(std::move(events)) {}

void Watchdog::ask() {
  pings_.ask([](WatchedLoop& loop, auto done) { loop.ping(std::move(done)); },
             [this](const admin::Survey<bool>::Result& result) {
               result.silent.empty() ? events_.feed() : events_.withhold(result.silent);
             });
  timer_.expires_after(half_);
  timer_.async_wait([this](const boost::system::error_code& error) {
    if (!error) ask();
  });
}

}  // namespace spillway::server::service
