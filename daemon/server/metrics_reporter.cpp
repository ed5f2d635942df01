#include "daemon/server/metrics_reporter.hpp"

#include <boost/asio/post.hpp>
#include <boost/system/error_code.hpp>

#include <utility>

namespace spillway::server {

namespace asio = boost::asio;
using std::chrono::steady_clock;

MetricsReporter::MetricsReporter(asio::io_context& control, observe::Log& log,
                                 const std::vector<std::unique_ptr<Worker>>& workers)
    : control_(control), timer_(control), log_(log), workers_(workers) {}

void MetricsReporter::start(std::chrono::milliseconds interval) {
  if (interval == interval_) return;
  timer_.cancel();
  if (interval_.count() == 0) last_ = steady_clock::now();
  interval_ = interval;
  if (interval_.count() == 0) return;
  timer_.expires_after(interval_);
  wait();
}

void MetricsReporter::finish() {
  if (interval_.count() == 0) return;
  sum_.clear();
  for (const auto& worker : workers_) sum_ += worker->metrics();
  write();
}

void MetricsReporter::wait() {
  timer_.async_wait([this](const boost::system::error_code& error) {
    // A wait that is over already cannot be cancelled any more.
    if (error || interval_.count() == 0) return;
    if (unanswered_ == 0) collect();
    timer_.expires_at(timer_.expiry() + interval_);
    wait();
  });
}

void MetricsReporter::collect() {
  unanswered_ = workers_.size();
  sum_.clear();
  for (const auto& worker : workers_) {
    worker->collect([this](observe::MetricsTable table) {
      asio::post(control_, [this, table = std::move(table)] { on_collected(table); });
    });
  }
}

void MetricsReporter::on_collected(const observe::MetricsTable& table) {
  sum_ += table;
  if (--unanswered_ == 0) write();
}

void MetricsReporter::write() {
  const auto now = steady_clock::now();
  log_.write(sum_, now - std::exchange(last_, now));
}

}  // namespace spillway::server
