// What the service manager is told of the daemon's life.
#pragma once

#include "daemon/observe/log.hpp"
#include "daemon/server/admin/overview.hpp"
#include "daemon/server/admin/survey.hpp"
#include "daemon/server/service/service_figures.hpp"
#include "daemon/server/service/watchdog.hpp"

#include <boost/asio/io_context.hpp>
#include <boost/asio/steady_timer.hpp>
#include <boost/system/error_code.hpp>

#include <chrono>
#include <cstdint>
#include <functional>
#include <optional>
#include <string>
#include <string_view>

namespace spillway::server::service {

/// READY, RELOADING, STOPPING, STATUS and WATCHDOG of sd_notify(3). Runs on the control thread.
class Service {
 public:
  struct Surroundings {
    boost::asio::io_context& control;
    observe::Log& log;
    /// What the control thread knows.
    std::function<Overview()> look;
    /// Sends one message to the manager.
    std::function<boost::system::error_code(std::string_view message)> notify;
    std::function<std::chrono::steady_clock::time_point()> now = std::chrono::steady_clock::now;
  };
  struct Times {
    std::optional<std::chrono::microseconds> watchdog = std::nullopt;
    /// Between two looks at the figures.
    std::chrono::milliseconds refresh{5000};
    std::chrono::milliseconds refresh_draining{1000};
    /// For an answer of the loops, before they are asked again.
    std::chrono::milliseconds patience{1000};
  };

  /// What `surroundings` refer to outlives the service, which outlives the loops' threads.
  Service(Surroundings surroundings, const admin::Loops& loops, Times times);

  /// Tells that the daemon is ready, once every loop has answered: after they were started.
  void start();
  /// Before anything of the new configuration is looked at.
  void reloading();
  /// After it was taken or refused: that is told once every loop has done what it was given to do.
  void reloaded() { settle(); }
  /// Sessions may take `time` from now.
  void draining(std::chrono::milliseconds time);
  void forcing();

 private:
  enum class Phase { starting, serving, reloading, draining, forcing };

  [[nodiscard]] bool is_ending() const {
    return phase_ == Phase::draining || phase_ == Phase::forcing;
  }
  [[nodiscard]] bool is_unsettled() const {
    return phase_ == Phase::starting || phase_ == Phase::reloading;
  }
  void settle();
  void on_settled(const admin::Survey<bool>::Result& result);
  void refresh_later();
  void refresh();
  void on_reports(const admin::Survey<LoopReport>::Result& result);
  /// Tells the status, behind what is to be told with it: if that is nothing, only a new one.
  void tell(std::string_view with = "");
  [[nodiscard]] std::string status() const;
  void send(const std::string& message);
  void log_withheld(const std::vector<std::size_t>& loops);

  Surroundings surroundings_;
  Times times_;
  admin::Survey<bool> pings_;
  admin::Survey<LoopReport> reports_;
  std::optional<Watchdog> watchdog_;
  boost::asio::steady_timer timer_;
  Phase phase_ = Phase::starting;
  std::uint64_t reloads_ = 0;  // begun
  std::chrono::steady_clock::time_point drained_by_{};
  ServiceFigures figures_;
  std::string told_;
  bool is_reached_ = true;
};

}  // namespace spillway::server::service
