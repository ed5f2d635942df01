#include "daemon/observe/line_sink.hpp"

#include <spdlog/formatter.h>

#include <fcntl.h>
#include <limits.h>
#include <poll.h>
#include <unistd.h>

#include <algorithm>
#include <cerrno>
#include <chrono>
#include <string_view>
#include <thread>
#include <utility>

namespace spillway::observe {

namespace {

// A write of this size to a pipe does not mix with what other processes write to it (pipe(7)).
constexpr std::size_t most_gathered = PIPE_BUF;

// How long lines are gathered: much for a processor, nothing for who reads them.
constexpr std::chrono::milliseconds nap(5);

constexpr mode_t file_mode = 0644;  // less what the umask takes

int open_file(const std::string& path) {
  const int file =
      ::open(path.c_str(), O_WRONLY | O_CREAT | O_APPEND | O_CLOEXEC | O_NOCTTY, file_mode);
  if (file < 0) throw spdlog::spdlog_ex(path, errno);
  return file;
}

/// Waits out a descriptor that another process has made non-blocking. Returns what could not be
/// written; `errno` says why.
std::string_view write_all(int descriptor, std::string_view text) {
  while (!text.empty()) {
    const ssize_t written = ::write(descriptor, text.data(), text.size());
    if (written >= 0) {
      text.remove_prefix(static_cast<std::size_t>(written));
    } else if (errno == EAGAIN) {
      pollfd until{.fd = descriptor, .events = POLLOUT, .revents = 0};
      ::poll(&until, 1, -1);
    } else if (errno != EINTR) {
      break;
    }
  }
  return text;
}

}  // namespace

std::shared_ptr<LineSink> LineSink::to_file(spdlog::details::thread_pool& writer,
                                            const std::string& path) {
  return std::shared_ptr<LineSink>(new LineSink(writer, open_file(path), path));
}

std::shared_ptr<LineSink> LineSink::to_descriptor(spdlog::details::thread_pool& writer,
                                                  int descriptor) {
  return std::shared_ptr<LineSink>(new LineSink(writer, descriptor, ""));
}

LineSink::LineSink(spdlog::details::thread_pool& writer, int descriptor, std::string path)
    : writer_(writer), descriptor_(descriptor), path_(std::move(path)) {}

LineSink::~LineSink() {
  if (!path_.empty()) ::close(descriptor_);
}

void LineSink::reopen() {
  if (path_.empty()) return;
  const int file = open_file(path_);
  // In one step under the writer's feet: its next write goes to the new file.
  const int result = ::dup3(file, descriptor_, O_CLOEXEC);
  const int error = errno;
  ::close(file);
  if (result < 0) throw spdlog::spdlog_ex(path_, error);
}

void LineSink::sink_it_(const spdlog::details::log_msg& message) {
  gather(message);
  if (writer_.queue_size() == 0) {  // else the next line is here already
    tell_lost(writer_.overrun_counter());
    write_gathered();
    // The queue takes what comes meanwhile, and nobody has to wake this thread for it.
    std::this_thread::sleep_for(nap);
  }
  throw_if_failed();
}

void LineSink::tell_lost(std::size_t pushed_out) {
  const std::size_t lost = pushed_out + unwritten() - told_lost_;
  const std::string words = lost > 0 && words_for_lost_ ? words_for_lost_(lost) : std::string();
  if (words.empty()) return;
  gather({"spillway", spdlog::level::warn, words});
  being_told_ = lost;
}

void LineSink::gather(const spdlog::details::log_msg& message) {
  line_.clear();
  formatter_->format(message, line_);
  if (gathered_.size() + line_.size() > most_gathered) write_gathered();
  gathered_.append(line_);
}

std::future<void> LineSink::expect_flush() {
  const std::scoped_lock lock(flushing_);
  flushed_ = std::promise<void>();
  return flushed_.get_future();
}

// Who waits is to go on when the write has failed, too: what goes out of scope makes it ready.
void LineSink::flush_() {
  std::promise<void> flushed;
  {
    const std::scoped_lock lock(flushing_);
    std::swap(flushed, flushed_);
  }
  write_gathered();
  throw_if_failed();
}

// Once no line is in hand that would be lost uncounted.
void LineSink::throw_if_failed() {
  const int error = std::exchange(failed_, 0);
  if (error != 0) throw spdlog::spdlog_ex("cannot write to the log", error);
}

void LineSink::write_gathered() {
  const std::string_view rest = write_all(descriptor_, {gathered_.data(), gathered_.size()});
  const std::size_t told = std::exchange(being_told_, 0);
  if (rest.empty()) {
    told_lost_ += told;
  } else {
    failed_ = errno;
    // The line about lost ones is none of them: what it says is told again.
    const auto lines = static_cast<std::size_t>(std::ranges::count(rest, '\n'));
    unwritten_.fetch_add(told > 0 ? lines - 1 : lines, std::memory_order_relaxed);
  }
  gathered_.clear();  // what cannot be written is not tried again
}

}  // namespace spillway::observe
