// What the service manager shows of the daemon.
#pragma once

#include "daemon/observe/metrics_table.hpp"
#include "daemon/server/admin/overview.hpp"

#include <chrono>
#include <cstddef>
#include <cstdint>
#include <map>
#include <string>
#include <vector>

namespace spillway::server::service {

/// Of all loops together, as they were when they last answered.
class ServiceFigures {
 public:
  void take(const observe::MetricsTable& sum);
  /// These loops did not answer; none: all did.
  void set_silent(std::vector<std::size_t> loops) { silent_ = std::move(loops); }

  /// In words, as one line for people.
  [[nodiscard]] std::string serving(const Overview& overview) const;

 private:
  struct Route {
    std::uint64_t sessions = 0;  // now
    std::uint64_t opened = 0;    // ever
  };

  [[nodiscard]] std::uint64_t opened() const;
  [[nodiscard]] std::string removed_routes(const Overview& overview) const;

  std::map<std::string, Route> routes_;
  std::uint64_t opened_by_routes_gone_ = 0;
  std::uint64_t slow_ = 0;
  std::uint64_t throttled_ = 0;
  std::vector<std::size_t> silent_;
};

/// `left`: until those that are there by then are ended by force.
std::string draining_words(std::size_t connections, std::chrono::seconds left);
std::string forcing_words(std::size_t connections);

}  // namespace spillway::server::service
