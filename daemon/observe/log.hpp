// Where events go.
#pragma once

#include "daemon/config/config.hpp"
#include "daemon/observe/event.hpp"

#include <boost/system/result.hpp>

#include <chrono>
#include <memory>
#include <string>

namespace spillway::observe {

struct LogError {
  /// In words, naming the file.
  std::string message;
};

/// Takes events from any thread and never blocks one: a line that finds no room pushes out the
/// oldest one that still waits, and is counted.
class Log {
 public:
  virtual ~Log() = default;

  /// Ask before building a costly event.
  [[nodiscard]] virtual bool wants(config::LogLevel level) const = 0;
  /// Wanted from now on.
  virtual void set_level(config::LogLevel level) = 0;
  /// Events below the wanted level are ignored.
  virtual void write(const Event& event) = 0;
  /// Goes on in a new file of the same name, for who has moved the old one away; lines that wait
  /// may come in either. On an error it stays with the old one. Nothing where the log is no file.
  virtual boost::system::result<void, LogError> reopen() = 0;
  /// Waits until what was written before has reached its target, for so long at most. For who ends
  /// the process without destroying the log.
  virtual void flush(std::chrono::milliseconds at_most) = 0;
  /// Lines that found no room or could not be written, so far.
  [[nodiscard]] virtual std::size_t lost_lines() const = 0;
};

/// The log that the configuration asks for, written by a thread of its own. It says how many lines
/// were lost as soon as it has caught up; its destructor writes what waits.
boost::system::result<std::unique_ptr<Log>, LogError> open_log(const config::Log& options);

/// The version of spdlog that it is built with.
std::string logging_library_version();

[[noreturn]] void throw_exception_from_error(const LogError& error,
                                             const boost::source_location& where);

}  // namespace spillway::observe
