// Notices when files change.
#pragma once

#include <boost/asio/io_context.hpp>
#include <boost/asio/steady_timer.hpp>

#include <compare>
#include <cstdint>
#include <functional>
#include <map>
#include <set>
#include <string>

namespace spillway::server {

/// Looks at the files once per second: what a path leads to is all that counts, so that every way
/// of replacing a file is noticed alike (writing, renaming, swapping a link somewhere above it, on
/// any file system). For the control thread.
class FileWatch {
 public:
  /// `on_changed` is called when files have changed and then stayed the same for a second: so files
  /// that belong together have both arrived. `control` outlives it.
  FileWatch(boost::asio::io_context& control, std::function<void()> on_changed);

  /// Watches these from now on, as they are now.
  void watch(std::set<std::string> files);
  void stop();

 private:
  /// What shows that a file is another one. All 0 where there is none.
  struct Mark {
    std::uint64_t device = 0;
    std::uint64_t node = 0;
    std::int64_t size = 0;
    std::int64_t modified_ns = 0;
    std::int64_t changed_ns = 0;
    auto operator<=>(const Mark&) const = default;
  };
  using Marks = std::map<std::string, Mark>;

  static Mark mark_of(const std::string& file);
  [[nodiscard]] Marks look() const;
  void wait();
  void compare();

  boost::asio::steady_timer timer_;
  std::function<void()> on_changed_;
  std::set<std::string> files_;
  Marks told_;  // as they were when it was told last
  Marks last_;  // as they were a second ago
};

}  // namespace spillway::server
