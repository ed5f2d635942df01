#include "daemon/server/file_watch.hpp"

#include <boost/system/error_code.hpp>

#include <sys/stat.h>

#include <chrono>
#include <utility>

namespace spillway::server {

namespace {

constexpr std::chrono::seconds between_looks{1};

std::int64_t nanoseconds(const timespec& time) {
  return std::int64_t{time.tv_sec} * 1'000'000'000 + time.tv_nsec;
}

}  // namespace

FileWatch::FileWatch(boost::asio::io_context& control, std::function<void()> on_changed)
    : timer_(control), on_changed_(std::move(on_changed)) {}

void FileWatch::watch(std::set<std::string> files) {
  files_ = std::move(files);
  told_ = last_ = look();
  if (files_.empty()) return stop();
  timer_.expires_after(between_looks);
  wait();
}

void FileWatch::stop() { timer_.cancel(); }

FileWatch::Mark FileWatch::mark_of(const std::string& file) {
  struct stat status {};
  if (::stat(file.c_str(), &status) != 0) return {};
  return {.device = status.st_dev,
          .node = status.st_ino,
          .size = status.st_size,
          .modified_ns = nanoseconds(status.st_mtim),
          .changed_ns = nanoseconds(status.st_ctim)};
}

FileWatch::Marks FileWatch::look() const {
  Marks marks;
  for (const std::string& file : files_) marks.emplace(file, mark_of(file));
  return marks;
}

void FileWatch::wait() {
  timer_.async_wait([this](const boost::system::error_code& error) {
    if (error) return;
    timer_.expires_after(between_looks);
    wait();
    compare();
  });
}

void FileWatch::compare() {
  Marks now = look();
  const bool rests = now == last_;
  last_ = std::move(now);
  if (!rests || last_ == told_) return;
  told_ = last_;
  on_changed_();
}

}  // namespace spillway::server
