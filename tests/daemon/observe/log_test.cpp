#include "daemon/observe/log.hpp"

#include <gtest/gtest.h>

#include <fcntl.h>
#include <sys/stat.h>
#include <unistd.h>

#include <algorithm>
#include <array>
#include <chrono>
#include <filesystem>
#include <fstream>
#include <iterator>
#include <numeric>
#include <random>
#include <sstream>
#include <string>
#include <thread>
#include <vector>

namespace spillway::observe {
namespace {

using config::LogFormat;
using config::LogLevel;
using config::LogTarget;

class LogTest : public ::testing::Test {
 protected:
  LogTest() {
    options_.target = LogTarget::file;
    options_.file = path_.string();
  }
  ~LogTest() override { std::filesystem::remove(path_); }

  /// Closing the log writes what waits.
  std::string content() {
    log_.reset();
    return written_so_far();
  }
  [[nodiscard]] std::string written_so_far() const {
    std::ostringstream text;
    text << std::ifstream(options_.file).rdbuf();
    return text.str();
  }
  /// Without time and level.
  static std::vector<std::string> lines(const std::string& text) {
    std::istringstream in(text);
    std::vector<std::string> found;
    for (std::string line; std::getline(in, line);) {
      found.push_back(line.substr(line.rfind(' ') + 1));
    }
    return found;
  }
  /// What each line about lost ones says.
  static std::vector<long> lost_lines_told(const std::string& text) {
    const std::string_view words = "log_lines_lost lines=";
    std::vector<long> told;
    for (std::size_t at = 0; (at = text.find(words, at)) != text.npos;) {
      at += words.size();
      if (text.find('\n', at) != text.npos) told.push_back(std::stol(text.substr(at, 20)));
    }
    return told;
  }
  /// Waits until so many lines are counted as lost.
  void expect_lost(std::size_t lines) const {
    const auto deadline = std::chrono::steady_clock::now() + std::chrono::seconds(20);
    while (log_->lost_lines() < lines && std::chrono::steady_clock::now() < deadline) {
      std::this_thread::yield();
    }
    EXPECT_EQ(log_->lost_lines(), lines);
  }
  Log& open() {
    log_ = *open_log(options_);
    return *log_;
  }

  const std::filesystem::path path_ =
      std::filesystem::temp_directory_path() /
      ("spillway-log-" + std::to_string(std::random_device()()) + ".log");
  config::Log options_;
  std::unique_ptr<Log> log_;
};

TEST_F(LogTest, StartsTextLinesWithTimeAndLevel) {
  open().write(Event(LogLevel::warning, "happened").with("key", 1));
  const std::string line = content();
  const std::size_t time_length = std::string_view("2026-01-01T00:00:00.000Z").size();
  ASSERT_GT(line.size(), time_length);
  EXPECT_EQ(line.substr(time_length), " warning happened key=1\n");
  EXPECT_EQ(line[10], 'T');
  EXPECT_EQ(line[time_length - 1], 'Z');
}

TEST_F(LogTest, HasTheSameKeysInJson) {
  options_.format = LogFormat::json;
  open().write(Event(LogLevel::error, "happened").with("key", "a b"));
  const std::string line = content();
  EXPECT_EQ(line.substr(0, 9), R"({"time":")");
  EXPECT_NE(line.find(R"(Z","level":"error","event":"happened","key":"a b"})"), line.npos);
  EXPECT_EQ(line.back(), '\n');
}

TEST_F(LogTest, AFlushWaitsForWhatWasWrittenBefore) {
  Log& log = open();
  for (int i = 0; i < 100; ++i) {
    log.write(Event(LogLevel::info, "written").with("number", i));
    log.flush(std::chrono::minutes(1));
    EXPECT_TRUE(written_so_far().ends_with("number=" + std::to_string(i) + '\n'));
  }
}

TEST_F(LogTest, LeavesOutWhatIsBelowItsLevel) {
  Log& log = open();
  EXPECT_FALSE(log.wants(LogLevel::debug));
  EXPECT_TRUE(log.wants(LogLevel::info));
  log.write(Event(LogLevel::debug, "detail"));
  EXPECT_EQ(content(), "");
}

TEST_F(LogTest, TakesBracesAndPercentSignsAsTheyAre) {
  open().write(Event(LogLevel::info, "happened").with("key", "{}%v{0}"));
  EXPECT_NE(content().find("key={}%v{0}\n"), std::string::npos);
}

TEST_F(LogTest, GoesOnWithAFileThatIsThere) {
  open().write(Event(LogLevel::info, "first"));
  content();
  open().write(Event(LogLevel::info, "second"));
  EXPECT_EQ(lines(content()), (std::vector<std::string>{"first", "second"}));
}

TEST_F(LogTest, KeepsTheOrderOfLinesShortAndLong) {
  Log& log = open();
  std::vector<std::string> written;
  for (std::size_t i = 0; i < 200; ++i) {
    // Some are longer than what is gathered for one write.
    written.push_back("event_" + std::to_string(i) + std::string(i % 50 == 7 ? 10'000 : i, 'x'));
    log.write(Event(LogLevel::info, written.back()));
  }
  EXPECT_EQ(lines(content()), written);
}

// A daemon may die at any moment: what it said a while ago is in the file.
TEST_F(LogTest, WritesALineWithoutBeingClosed) {
  open().write(Event(LogLevel::info, "alive"));
  const auto deadline = std::chrono::steady_clock::now() + std::chrono::seconds(20);
  while (written_so_far().empty() && std::chrono::steady_clock::now() < deadline) {
    std::this_thread::yield();
  }
  EXPECT_EQ(lines(written_so_far()), std::vector<std::string>{"alive"});
}

TEST_F(LogTest, GoesOnInANewFileOnceTheOldOneIsMovedAway) {
  Log& log = open();
  log.write(Event(LogLevel::info, "before"));
  const std::string moved = options_.file + ".1";
  std::filesystem::rename(options_.file, moved);
  EXPECT_TRUE(log.reopen());
  log.write(Event(LogLevel::info, "after"));
  const std::string later = content();
  EXPECT_TRUE(later.ends_with(" after\n"));

  // What had to wait may be in either, but nothing is lost or twice.
  options_.file = moved;
  EXPECT_EQ(lines(written_so_far() + later), (std::vector<std::string>{"before", "after"}));
  std::filesystem::remove(moved);
}

TEST_F(LogTest, StaysWithItsFileWhereItCannotHaveANewOne) {
  Log& log = open();
  const std::string moved = options_.file + ".1";
  std::filesystem::rename(options_.file, moved);
  std::filesystem::create_directory(options_.file);
  const auto done = log.reopen();
  ASSERT_FALSE(done);
  EXPECT_NE(done.error().message.find(options_.file + ": Is a directory"), std::string::npos);
  log.write(Event(LogLevel::info, "after"));
  std::filesystem::remove(options_.file);
  options_.file = moved;
  EXPECT_EQ(lines(content()), std::vector<std::string>{"after"});
  std::filesystem::remove(moved);
}

TEST_F(LogTest, NamesTheFileThatItCannotOpen) {
  options_.file = std::filesystem::temp_directory_path().string();
  const auto log = open_log(options_);
  ASSERT_FALSE(log);
  EXPECT_NE(log.error().message.find(options_.file), std::string::npos);
}

// However slow the target: each line is written, or counted as lost in one that says so.
TEST_F(LogTest, CountsTheLinesThatItLost) {
  Log& log = open();
  constexpr int lines = 50'000;
  for (int i = 0; i < lines; ++i) log.write(Event(LogLevel::info, "happened").with("key", i));
  const std::string text = content();
  const auto written = std::ranges::count(text, '\n');
  const std::vector<long> lost = lost_lines_told(text);
  EXPECT_EQ(written - std::ssize(lost) + std::accumulate(lost.begin(), lost.end(), 0L), lines);
}

// /dev/full is a disk without room.
TEST_F(LogTest, CountsTheLinesThatCouldNotBeWritten) {
  std::filesystem::create_symlink("/dev/full", options_.file);
  Log& log = open();
  for (std::size_t lost = 1; lost <= 3; ++lost) {
    log.write(Event(LogLevel::info, "happened"));
    expect_lost(lost);  // each in a write of its own
  }
  std::filesystem::remove(options_.file);
  ASSERT_TRUE(log.reopen());
  log.write(Event(LogLevel::info, "after"));
  const std::string text = content();
  EXPECT_EQ(lost_lines_told(text), std::vector<long>{3});
  EXPECT_EQ(lines(text), (std::vector<std::string>{"after", "lines=3"}));
}

// Whoever reads the log should not have to wait for the daemon's end to hear of it.
TEST_F(LogTest, TellsOfLostLinesAsSoonAsItHasCaughtUp) {
  ASSERT_EQ(::mkfifo(options_.file.c_str(), 0600), 0);
  const int pipe = ::open(options_.file.c_str(), O_RDWR | O_NONBLOCK | O_CLOEXEC);
  ASSERT_GE(pipe, 0);
  Log& log = open();
  // More than the pipe and the queue take together.
  constexpr int lines = 50'000;
  for (int i = 0; i < lines; ++i) log.write(Event(LogLevel::info, "happened").with("key", i));
  ASSERT_GT(log.lost_lines(), 0U);

  std::string text;
  std::array<char, 65'536> buffer{};
  const auto deadline = std::chrono::steady_clock::now() + std::chrono::seconds(20);
  while (lost_lines_told(text).empty() && std::chrono::steady_clock::now() < deadline) {
    const ssize_t bytes = ::read(pipe, buffer.data(), buffer.size());
    if (bytes > 0) text.append(buffer.data(), static_cast<std::size_t>(bytes));
    if (bytes <= 0) std::this_thread::yield();
  }
  EXPECT_EQ(lost_lines_told(text), std::vector<long>{static_cast<long>(log.lost_lines())});
  log_.reset();  // while there is a reader
  ::close(pipe);
}

}  // namespace
}  // namespace spillway::observe
