// An event loop as those see it who watch the daemon.
#pragma once

#include "daemon/observe/live_connection.hpp"
#include "daemon/observe/metrics_table.hpp"

#include <cstdint>
#include <functional>
#include <string>
#include <vector>

namespace spillway::server {

/// Where a loop takes connections.
struct ListeningAddress {
  std::string route;
  std::string address;

  auto operator<=>(const ListeningAddress&) const = default;
};

struct LoopReport {
  observe::MetricsTable metrics;
  std::vector<ListeningAddress> listening;
};

/// Can be asked from any thread. Each `done` is called on the loop, once it gets round to it.
class WatchedLoop {
 public:
  virtual ~WatchedLoop() = default;

  /// Whether it still turns.
  virtual void ping(std::function<void(bool)> done) = 0;
  virtual void report(std::function<void(LoopReport)> done) = 0;
  virtual void list_connections(const observe::ConnectionQuery& query,
                                std::function<void(observe::ConnectionList)> done) = 0;
  /// Ends a session by force. False: it has none of that number.
  virtual void end_connection(std::uint64_t id, std::function<void(bool)> done) = 0;
};

}  // namespace spillway::server
