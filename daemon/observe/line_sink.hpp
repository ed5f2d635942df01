// The end of the log's path: lines become writes.
#pragma once

#include <spdlog/async.h>
#include <spdlog/details/null_mutex.h>
#include <spdlog/sinks/base_sink.h>

#include <atomic>
#include <cstddef>
#include <functional>
#include <future>
#include <memory>
#include <mutex>
#include <string>
#include <utility>

namespace spillway::observe {

/// Writes lines for the one thread of a pool. The first line after a silence is written at once;
/// what comes within the next milliseconds is gathered, so that a busy daemon pays for a wake-up
/// and a write per batch and not per line.
///
/// Says how many lines were lost, because they found no room at the writer or could not be written,
/// as soon as the writer has caught up and can write.
class LineSink final : public spdlog::sinks::base_sink<spdlog::details::null_mutex> {
 public:
  /// The words for so many lost lines; none if nobody wants them.
  using WordsForLost = std::function<std::string(std::size_t)>;

  /// Appends to the file at `path`, which is made if there is none. Throws `spdlog::spdlog_ex`.
  static std::shared_ptr<LineSink> to_file(spdlog::details::thread_pool& writer,
                                           const std::string& path);
  /// Standard output or error: `descriptor` stays the caller's.
  static std::shared_ptr<LineSink> to_descriptor(spdlog::details::thread_pool& writer,
                                                 int descriptor);
  ~LineSink() override;

  /// Goes on in the file that has the name now, or makes one; from any thread. Throws
  /// `spdlog::spdlog_ex` and stays with the old one. Nothing where it is no file.
  void reopen();

  /// REQUIRES: no line was logged yet.
  void set_words_for_lost(WordsForLost words) { words_for_lost_ = std::move(words); }
  /// Is ready when the writer has come to a flush that is asked for afterwards.
  std::future<void> expect_flush();
  /// Up to now `pushed_out` lines found no room. For the writer, and for who comes after it.
  void tell_lost(std::size_t pushed_out);
  /// Lines that could not be written so far: the disk is full, say. From any thread.
  [[nodiscard]] std::size_t unwritten() const { return unwritten_.load(std::memory_order_relaxed); }

 private:
  LineSink(spdlog::details::thread_pool& writer, int descriptor, std::string path);
  void sink_it_(const spdlog::details::log_msg& message) override;
  void flush_() override;
  void gather(const spdlog::details::log_msg& message);
  void write_gathered();
  void throw_if_failed();

  spdlog::details::thread_pool& writer_;  // REQUIRES: outlives the last line
  const int descriptor_;
  const std::string path_;  // empty: the descriptor is somebody else's
  spdlog::memory_buf_t line_;
  spdlog::memory_buf_t gathered_;
  WordsForLost words_for_lost_;
  std::atomic<std::size_t> unwritten_{0};
  int failed_ = 0;  // the system's error, if a write failed that spdlog has not heard of
  std::size_t told_lost_ = 0;
  std::mutex flushing_;
  std::promise<void> flushed_;
  std::size_t being_told_ = 0;  // by the last line of what is gathered; 0: it is another line
};

}  // namespace spillway::observe
