// What `spillway status` shows, read from the daemon's answers.
#pragma once

#include <boost/system/result.hpp>

#include <cstdint>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

namespace spillway::server::admin {

/// One direction of one route. Counters are since the daemon's start.
struct FlowView {
  std::string route;
  std::string direction;
  bool draining = false;
  std::uint64_t connections = 0;
  std::uint64_t slow = 0;
  std::uint64_t throttled = 0;
  std::uint64_t queued_bytes = 0;
  std::uint64_t bytes_in = 0;
  std::uint64_t bytes_out = 0;
  std::uint64_t dropped_messages = 0;
  double send_p99_seconds = 0;
  std::uint64_t send_count = 0;
  std::vector<std::pair<double, std::uint64_t>> send_buckets{};  // up to a bound in seconds
};

struct StatusView {
  std::string state;
  std::string version;
  double time = 0;  // seconds since 1970
  double uptime_seconds = 0;
  std::uint64_t connections = 0;
  std::uint64_t queued_bytes = 0;
  std::vector<FlowView> flows{};

  [[nodiscard]] bool draining() const { return state == "draining"; }
};

/// One session that suffers.
struct SuffererView {
  std::uint64_t id = 0;
  std::string route;
  std::string client;
  std::string upstream;
  bool slow = false;
  double throttled_seconds = 0;
  std::uint64_t queued_bytes = 0;
};

struct ViewError {
  std::string message;
};

/// Of what `/status` answers.
boost::system::result<StatusView, ViewError> parse_status(std::string_view json);

/// Of what `/connections` answers: those that suffer at all.
boost::system::result<std::vector<SuffererView>, ViewError> parse_sufferers(std::string_view json);

[[noreturn]] void throw_exception_from_error(const ViewError& error,
                                             const boost::source_location& where);

}  // namespace spillway::server::admin
