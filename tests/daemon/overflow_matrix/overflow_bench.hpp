// A real session of one cell, between two ends that the test plays.
#pragma once

#include "daemon/observe/metrics_table.hpp"
#include "daemon/proxy/session_set.hpp"
#include "tests/daemon/overflow_matrix/cell.hpp"
#include "tests/daemon/overflow_matrix/far_end.hpp"
#include "tests/daemon/overflow_matrix/numbered_messages.hpp"
#include "tests/daemon/support/recorded_log.hpp"
#include "tests/daemon/support/scripted_dial.hpp"

#include <spillway/clock.hpp>
#include <spillway/scheduler.hpp>

#include <cstddef>
#include <cstdint>
#include <random>
#include <string>
#include <string_view>
#include <vector>

namespace spillway::testing {

/// The source says numbered messages, in reads that know nothing of their boundaries. With every
/// step it is checked that no byte is unaccounted for, and that memory stays within its bound.
class OverflowBench {
 public:
  static constexpr std::size_t queue = 4 * 1024;
  static constexpr std::size_t max_message = 128;
  /// More bytes than a queue holds, whatever the sizes are; and fewer.
  static constexpr std::size_t many = 200;
  static constexpr std::size_t few = 30;

  explicit OverflowBench(const Cell& cell);

  /// Of the direction under test; for before open().
  config::Overflow& overflow() { return overflow_of(cell_.way); }
  /// Reads take this much at most, and messages this much: for before open().
  void set_sizes(std::size_t largest_read, std::size_t largest_message);
  void open();
  /// As `open`, but the upstream does not answer yet.
  void open_unanswered();
  void answer();

  FarEnd& source() { return cell_.way == Way::to_client ? upstream_ : client_; }
  FarEnd& sink() { return cell_.way == Way::to_upstream ? upstream_ : client_; }

  /// The source says the next `count` messages.
  void feed(std::size_t count);
  void feed_bytes(const std::string& bytes);
  void advance(Duration by);
  void run();
  void stop_largest(const proxy::MemoryPressure& pressure) { sessions_.stop_largest(1, pressure); }

  [[nodiscard]] const Cell& cell() const { return cell_; }
  [[nodiscard]] const NumberedMessages& messages() const { return messages_; }
  [[nodiscard]] std::size_t fed() const { return next_; }  // messages
  [[nodiscard]] const RecordedLog& log() const { return log_; }
  [[nodiscard]] const observe::FlowMetrics& flow() const;
  [[nodiscard]] const observe::FlowCounters& counters() const { return flow().counters; }
  [[nodiscard]] bool is_over() const;
  /// "CODE by reason" of the connection_closed line.
  [[nodiscard]] std::string end() const;
  [[nodiscard]] std::string source_name() const;
  [[nodiscard]] std::string sink_name() const;
  [[nodiscard]] char source_letter() const { return source_name() == "client" ? 'C' : 'S'; }
  [[nodiscard]] char sink_letter() const { return sink_name() == "client" ? 'C' : 'S'; }

  /// What arrived so far is in order and torn nowhere. Returns the numbers of the whole messages;
  /// none without framing.
  std::vector<std::size_t> expect_order();
  /// Everything that the source said arrived.
  void expect_everything();
  /// Both sides end, the source first: all that is left arrives, and the figures agree.
  void expect_clean_end();
  /// It ended like this, by force, and the figures agree.
  void expect_cut_short(const std::string& end);

 private:
  config::Overflow& overflow_of(Way way);
  void check_step();
  void check_low_mark(std::size_t queued);
  void check_rest();
  void expect_settled_figures();
  [[nodiscard]] std::uint64_t closed(std::string_view key) const;
  [[nodiscard]] std::size_t queued() const;
  [[nodiscard]] std::size_t most_queued() const;
  [[nodiscard]] bool begins_a_message(std::string_view rest, std::size_t after) const;

  Cell cell_;
  config::Route config_;
  std::size_t largest_read_ = 400;
  NumberedMessages messages_;
  std::mt19937 random_{1};
  std::string said_;      // all that the source was told to say
  std::size_t next_ = 0;  // the next message's number

  ManualClock clock_;
  Scheduler scheduler_{clock_};
  // A limit that is never reached: without one nothing is counted.
  overflow::MemoryLimit memory_{std::size_t{1} << 40, [] {}};
  overflow::MemoryAccount account_{memory_};
  overflow::ChunkPool chunks_{account_};
  observe::RouteMetrics metrics_;
  std::uint64_t resumes_seen_ = 0;
  RecordedLog log_;
  Servers servers_;
  FarEnd client_;
  FarEnd upstream_;
  proxy::SessionSet sessions_;
};

}  // namespace spillway::testing
