// Writes the metrics lines.
#pragma once

#include "daemon/observe/log.hpp"
#include "daemon/observe/metrics_log.hpp"
#include "daemon/observe/metrics_table.hpp"
#include "daemon/server/worker.hpp"

#include <boost/asio/io_context.hpp>
#include <boost/asio/steady_timer.hpp>

#include <chrono>
#include <cstddef>
#include <memory>
#include <vector>

namespace spillway::server {

/// Asks the loops for their figures from time to time and logs the sums. Runs on the control thread
/// and never waits for a loop: while one does not answer, no lines are written.
class MetricsReporter {
 public:
  /// All references outlive the reporter.
  MetricsReporter(boost::asio::io_context& control, observe::Log& log,
                  const std::vector<std::unique_ptr<Worker>>& workers);

  /// From now on; again with another interval. 0 = off.
  void start(std::chrono::milliseconds interval);
  /// Logs what is left to say, if it was started. REQUIRES: the workers are joined.
  void finish();

 private:
  void wait();
  void collect();
  void on_collected(const observe::MetricsTable& table);
  void write();

  boost::asio::io_context& control_;
  boost::asio::steady_timer timer_;
  observe::MetricsLog log_;
  const std::vector<std::unique_ptr<Worker>>& workers_;
  std::chrono::milliseconds interval_{0};
  std::chrono::steady_clock::time_point last_{};
  std::size_t unanswered_ = 0;
  observe::MetricsTable sum_;
};

}  // namespace spillway::server
