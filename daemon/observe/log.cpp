#include "daemon/observe/log.hpp"

#include "daemon/observe/journal_stream.hpp"
#include "daemon/observe/line_sink.hpp"
#include "daemon/observe/render.hpp"

#include <spdlog/pattern_formatter.h>
#include <spdlog/version.h>

#include <signal.h>
#include <unistd.h>

#include <future>
#include <stdexcept>
#include <utility>

namespace spillway::observe {

namespace {

using config::LogFormat;
using config::LogLevel;
using config::LogTarget;

// Lines that may wait for the target: some seconds of a busy daemon, a few megabytes at most.
constexpr std::size_t waiting_lines = 8192;

spdlog::level::level_enum to_spdlog(LogLevel level) {
  switch (level) {
    case LogLevel::debug:
      return spdlog::level::debug;
    case LogLevel::info:
      return spdlog::level::info;
    case LogLevel::warning:
      return spdlog::level::warn;
    case LogLevel::error:
      break;
  }
  return spdlog::level::err;
}

/// The priority that journald reads from the start of a line (sd-daemon(3)).
class JournalPriority final : public spdlog::custom_flag_formatter {
 public:
  void format(const spdlog::details::log_msg& message, const std::tm&,
              spdlog::memory_buf_t& line) override {
    const std::string_view priority = message.level >= spdlog::level::err    ? "<3>"
                                      : message.level >= spdlog::level::warn ? "<4>"
                                      : message.level >= spdlog::level::info ? "<6>"
                                                                             : "<7>";
    line.append(priority.data(), priority.data() + priority.size());
  }
  [[nodiscard]] std::unique_ptr<custom_flag_formatter> clone() const override {
    return std::make_unique<JournalPriority>();
  }
};

/// Also where nobody said so: a service's standard error is the journal unless its unit says else.
bool goes_to_journal(const config::Log& options) {
  return options.target == LogTarget::journald ||
         (options.target == LogTarget::standard_error && is_journal(STDERR_FILENO));
}

std::unique_ptr<spdlog::formatter> make_formatter(const config::Log& options) {
  const bool journal = goes_to_journal(options);
  std::string pattern = journal ? "%*" : "";
  if (options.format == LogFormat::json) {
    pattern += R"({"time":"%Y-%m-%dT%H:%M:%S.%eZ","level":"%l",%v})";
  } else {
    // The journal stamps its lines itself.
    pattern += journal ? "%l %v" : "%Y-%m-%dT%H:%M:%S.%eZ %l %v";
  }
  auto formatter =
      std::make_unique<spdlog::pattern_formatter>(spdlog::pattern_time_type::utc, "\n");
  formatter->add_flag<JournalPriority>('*').set_pattern(pattern);
  return formatter;
}

std::shared_ptr<LineSink> make_sink(const config::Log& options,
                                    spdlog::details::thread_pool& writer) {
  switch (options.target) {
    case LogTarget::file:
      return LineSink::to_file(writer, options.file);
    case LogTarget::standard_output:
      return LineSink::to_descriptor(writer, STDOUT_FILENO);
    case LogTarget::standard_error:
    case LogTarget::journald:
      break;
  }
  return LineSink::to_descriptor(writer, STDERR_FILENO);
}

// The thread that writes. Signals are for another: it has them blocked from its first moment.
std::shared_ptr<spdlog::details::thread_pool> start_writer() {
  sigset_t all;
  sigset_t before;
  ::sigfillset(&all);
  ::pthread_sigmask(SIG_SETMASK, &all, &before);
  auto writer = std::make_shared<spdlog::details::thread_pool>(waiting_lines, 1);
  ::pthread_sigmask(SIG_SETMASK, &before, nullptr);
  return writer;
}

LogError cannot_open(const spdlog::spdlog_ex& error) {
  return {std::string("cannot open the log file ") + error.what()};
}

class AsyncLog final : public Log {
 public:
  explicit AsyncLog(const config::Log& options)
      : format_(options.format),
        writer_(start_writer()),
        sink_(make_sink(options, *writer_)),
        logger_(std::make_shared<spdlog::async_logger>(
            "spillway", sink_, writer_, spdlog::async_overflow_policy::overrun_oldest)) {
    logger_->set_formatter(make_formatter(options));
    logger_->set_level(to_spdlog(options.level));
    sink_->set_words_for_lost([this](std::size_t lines) { return words_for_lost(lines); });
  }

  ~AsyncLog() override {
    const std::size_t pushed_out = writer_->overrun_counter();
    // It writes what still waits and joins its thread: so that is never the one to let go of the
    // logger last.
    writer_.reset();
    write_the_rest(pushed_out);
  }

  AsyncLog(const AsyncLog&) = delete;
  AsyncLog& operator=(const AsyncLog&) = delete;

  [[nodiscard]] bool wants(LogLevel level) const override {
    return logger_->should_log(to_spdlog(level));
  }

  void set_level(LogLevel level) override { logger_->set_level(to_spdlog(level)); }

  void write(const Event& event) override {
    if (!wants(event.level())) return;
    const std::string line = render(event);
    logger_->log(to_spdlog(event.level()), spdlog::string_view_t(line));
  }

  boost::system::result<void, LogError> reopen() override {
    try {
      sink_->reopen();
      return {};
    } catch (const spdlog::spdlog_ex& error) {
      return cannot_open(error);
    }
  }

  // Not the logger's own flush, for which some versions of spdlog wait without end.
  void flush(std::chrono::milliseconds at_most) override {
    const std::future<void> flushed = sink_->expect_flush();
    writer_->post_flush(std::shared_ptr(logger_), spdlog::async_overflow_policy::overrun_oldest);
    flushed.wait_for(at_most);
  }

  [[nodiscard]] std::size_t lost_lines() const override {
    return writer_->overrun_counter() + sink_->unwritten();
  }

 private:
  [[nodiscard]] std::string render(const Event& event) const {
    return format_ == LogFormat::json ? render_json(event) : render_text(event);
  }

  [[nodiscard]] std::string words_for_lost(std::size_t lines) const {
    Event event(LogLevel::warning, "log_lines_lost");
    event.with("lines", lines);
    return wants(event.level()) ? render(event) : std::string();
  }

  void write_the_rest(std::size_t pushed_out) noexcept {
    try {
      sink_->tell_lost(pushed_out);
      sink_->flush();
    } catch (const spdlog::spdlog_ex&) {  // nobody is left to tell
    }
  }

  LogFormat format_;
  std::shared_ptr<spdlog::details::thread_pool> writer_;
  std::shared_ptr<LineSink> sink_;
  std::shared_ptr<spdlog::async_logger> logger_;
};

}  // namespace

boost::system::result<std::unique_ptr<Log>, LogError> open_log(const config::Log& options) {
  try {
    return std::make_unique<AsyncLog>(options);
  } catch (const spdlog::spdlog_ex& error) {
    return cannot_open(error);
  }
}

std::string logging_library_version() {
  return std::to_string(SPDLOG_VER_MAJOR) + '.' + std::to_string(SPDLOG_VER_MINOR) + '.' +
         std::to_string(SPDLOG_VER_PATCH);
}

void throw_exception_from_error(const LogError& error, const boost::source_location&) {
  throw std::runtime_error(error.message);
}

}  // namespace spillway::observe
