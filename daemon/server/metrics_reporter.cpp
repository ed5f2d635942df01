#include "daemon/server/metrics_reporter.hpp"

#include <boost/asio/post.hpp>
#include <boost/system/error_code.hpp>

#include <string>
#include <utility>

namespace spillway::server {

namespace asio = boost::asio;
using std::chrono::steady_clock;

namespace {

// How often it is looked whether a removed route is over, where there are no lines to go by.
constexpr std::chrono::seconds without_lines{30};

}  // namespace

MetricsReporter::MetricsReporter(asio::io_context& control, observe::Log& log,
                                 const std::vector<std::unique_ptr<Worker>>& workers)
    : control_(control), timer_(control), log_(log), workers_(workers) {}

void MetricsReporter::start(std::chrono::milliseconds interval) {
  if (is_started_ && interval == interval_) return;
  // The first line covers all that came since the start, or since the line before.
  if (!is_started_) last_ = steady_clock::now();
  is_started_ = true;
  interval_ = interval;
  timer_.expires_after(period());
  wait();
}

void MetricsReporter::serve(const std::vector<RoutePtr>& routes) {
  // Without lines nobody waits for the last one: however quickly reloads follow each other, what
  // one has removed is gone with the next.
  if (!writes_lines() && !removed_.empty()) collect();
  removed_.serve(routes);
}

void MetricsReporter::finish() {
  if (!writes_lines()) return;
  sum_.clear();
  for (const auto& worker : workers_) sum_ += worker->metrics();
  // A loop may have stopped before it came to forget, and the last line was told.
  std::erase_if(sum_, [this](const auto& entry) { return !removed_.is_known(entry.first); });
  write();
}

std::chrono::milliseconds MetricsReporter::period() const {
  return writes_lines() ? interval_ : without_lines;
}

// On a grid, so that lines do not drift. A process that was stopped for a while does not make up
// for what it missed.
steady_clock::time_point MetricsReporter::next_expiry() const {
  const auto now = steady_clock::now();
  const auto next = timer_.expiry() + period();
  return next > now ? next : now + period();
}

void MetricsReporter::wait() {
  timer_.async_wait([this](const boost::system::error_code& error) {
    if (error) return;
    if (writes_lines() || !removed_.empty()) collect();
    timer_.expires_at(next_expiry());
    wait();
  });
}

void MetricsReporter::collect() {
  if (unanswered_ > 0) return;
  unanswered_ = workers_.size();
  sum_.clear();
  removed_.begin_look();
  for (const auto& worker : workers_) {
    worker->collect([this](observe::MetricsTable table) {
      asio::post(control_, [this, table = std::move(table)] { on_collected(table); });
    });
  }
}

void MetricsReporter::on_collected(const observe::MetricsTable& table) {
  sum_ += table;
  if (--unanswered_ > 0) return;
  if (writes_lines()) write();
  forget_what_is_over();
}

void MetricsReporter::write() {
  const auto now = steady_clock::now();
  log_.write(sum_, now - std::exchange(last_, now));
}

// Each loop gets it between the same two questions, so that no sum has a part of a route.
void MetricsReporter::forget_what_is_over() {
  const std::vector<std::string> over = removed_.take_over(sum_);
  if (over.empty()) return;
  for (const std::string& route : over) log_.forget(route);
  for (const auto& worker : workers_) worker->forget(over);
}

}  // namespace spillway::server
