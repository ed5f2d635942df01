// Writes the metrics lines.
#pragma once

#include "daemon/observe/log.hpp"
#include "daemon/observe/metrics_log.hpp"
#include "daemon/observe/metrics_table.hpp"
#include "daemon/server/change.hpp"
#include "daemon/server/removed_routes.hpp"
#include "daemon/server/worker.hpp"

#include <boost/asio/io_context.hpp>
#include <boost/asio/steady_timer.hpp>

#include <chrono>
#include <cstddef>
#include <memory>
#include <vector>

namespace spillway::server {

/// Asks the loops for their figures from time to time, logs the sums, and has the loops forget the
/// routes that are over once their last figures were told. Runs on the control thread and never
/// waits for a loop: while one does not answer, no lines are written and nothing is forgotten.
class MetricsReporter {
 public:
  /// All references outlive the reporter.
  MetricsReporter(boost::asio::io_context& control, observe::Log& log,
                  const std::vector<std::unique_ptr<Worker>>& workers);

  /// From now on; again with another interval. 0 = no lines.
  void start(std::chrono::milliseconds interval);
  /// These routes are served from now on, after the change to them was given to the workers.
  void serve(const std::vector<RoutePtr>& routes);
  /// Logs what is left to say, if it was started. REQUIRES: the workers are joined.
  void finish();

 private:
  [[nodiscard]] bool writes_lines() const { return interval_.count() > 0; }
  [[nodiscard]] std::chrono::milliseconds period() const;
  [[nodiscard]] std::chrono::steady_clock::time_point next_expiry() const;
  void wait();
  void collect();
  void on_collected(const observe::MetricsTable& table);
  void write();
  void forget_what_is_over();

  boost::asio::io_context& control_;
  boost::asio::steady_timer timer_;
  observe::MetricsLog log_;
  const std::vector<std::unique_ptr<Worker>>& workers_;
  bool is_started_ = false;
  std::chrono::milliseconds interval_{0};
  std::chrono::steady_clock::time_point last_{};
  std::size_t unanswered_ = 0;
  observe::MetricsTable sum_;
  RemovedRoutes removed_;
};

}  // namespace spillway::server
