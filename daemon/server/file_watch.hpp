// Notices when files change.
#pragma once

#include "daemon/config/file_mark.hpp"

#include <boost/asio/io_context.hpp>
#include <boost/asio/steady_timer.hpp>

#include <chrono>
#include <functional>
#include <optional>
#include <utility>

namespace spillway::server {

/// Looks at the files from time to time: what a path leads to is all that counts, so that every way
/// of replacing a file is noticed alike (writing, renaming, swapping a link somewhere above it, on
/// any file system). For the control thread.
class FileWatch {
 public:
  struct Pace {
    std::chrono::milliseconds look = std::chrono::seconds(1);
    std::chrono::milliseconds retry = std::chrono::minutes(1);
  };

  /// `on_changed` is called when files are others than they were when they were read and have
  /// stayed the same from one look to the next: so files that belong together have both arrived.
  /// Where it returns false, it could not use them, for which they need not be the reason (there
  /// may be no descriptor left): it is called again after `pace.retry`. `control` outlives the
  /// watch.
  FileWatch(boost::asio::io_context& control, std::function<bool()> on_changed)
      : FileWatch(control, std::move(on_changed), Pace()) {}
  FileWatch(boost::asio::io_context& control, std::function<bool()> on_changed, Pace pace);

  /// Watches these from now on. `read`: as they were just before they were read; a change since
  /// then counts.
  void watch(config::FileMarks read);
  void stop();

 private:
  using TimePoint = boost::asio::steady_timer::time_point;

  [[nodiscard]] config::FileMarks look() const;
  void wait();
  void compare();

  boost::asio::steady_timer timer_;
  std::function<bool()> on_changed_;
  Pace pace_;
  config::FileMarks read_;
  config::FileMarks last_;  // as they were at the last look
  std::optional<TimePoint> retry_;
};

}  // namespace spillway::server
