#include "daemon/server/file_watch.hpp"

#include <boost/system/error_code.hpp>

#include <utility>

namespace spillway::server {

using std::chrono::steady_clock;

FileWatch::FileWatch(boost::asio::io_context& control, std::function<bool()> on_changed, Pace pace)
    : timer_(control), on_changed_(std::move(on_changed)), pace_(pace) {}

void FileWatch::watch(config::FileMarks read) {
  read_ = std::move(read);
  last_ = look();
  retry_.reset();
  timer_.cancel();
  if (!read_.empty()) wait();
}

void FileWatch::stop() { watch({}); }

config::FileMarks FileWatch::look() const {
  config::FileMarks marks;
  for (const auto& [path, mark] : read_) marks.emplace(path, config::mark_of(path));
  return marks;
}

void FileWatch::wait() {
  timer_.expires_after(pace_.look);
  timer_.async_wait([this](const boost::system::error_code& error) {
    // It may have been stopped when the time was up already.
    if (error || read_.empty()) return;
    wait();
    compare();
  });
}

void FileWatch::compare() {
  config::FileMarks now = look();
  const bool rests = now == last_;
  last_ = std::move(now);
  const bool retries = retry_ && steady_clock::now() >= *retry_;
  if (!rests || (last_ == read_ && !retries)) return;
  read_ = last_;
  retry_.reset();
  if (!on_changed_()) retry_ = steady_clock::now() + pace_.retry;
}

}  // namespace spillway::server
