// One event loop with everything that lives on it, and its thread.
#pragma once

#include "daemon/observe/log.hpp"
#include "daemon/observe/metrics_table.hpp"
#include "daemon/overflow/chunk_pool.hpp"
#include "daemon/overflow/memory_limit.hpp"
#include "daemon/proxy/connection_limit.hpp"
#include "daemon/proxy/drain.hpp"
#include "daemon/proxy/route.hpp"
#include "daemon/proxy/session_set.hpp"
#include "daemon/server/acceptor.hpp"
#include "daemon/server/change.hpp"
#include "daemon/server/watched_loop.hpp"

#include <spillway/clock.hpp>
#include <spillway/event_loop.hpp>
#include <spillway/resolver.hpp>
#include <spillway/scheduler.hpp>

#include <cstddef>
#include <cstdint>
#include <functional>
#include <map>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <thread>
#include <vector>

namespace spillway::server {

/// A session that was accepted here lives and dies here.
class Worker final : public WatchedLoop {
 public:
  /// Which of how many.
  struct Place {
    unsigned index;
    unsigned count;
  };

  /// What the whole process shares; outlives the worker (`resolver`: its sessions).
  struct Surroundings {
    observe::Log& log;
    Resolver& resolver;
    overflow::MemoryLimit& memory;
    proxy::ConnectionLimit& clients;
  };

  Worker(Place place, Surroundings surroundings);
  ~Worker() override;
  Worker(const Worker&) = delete;
  Worker& operator=(const Worker&) = delete;

  /// Does what the change says, before `start` or on the loop; what it cannot open keeps nothing
  /// else from being done.
  std::vector<Change::Failure> apply(Change change);

  void start();
  /// Stops the loop and waits for its thread, if there is one.
  void join();

  // From any thread, once started.
  /// Does it on the loop in a later turn, and calls `done` there. Sessions of routes that are no
  /// more drain within `drain_time`.
  void change(Change change, Duration drain_time,
              std::function<void(std::vector<Change::Failure>)> done);
  /// Lets go of the figures of these routes. REQUIRES: none has a listener or a session left on any
  /// loop.
  void forget(std::vector<std::string> routes);
  /// Accepts no more, ends sessions one after the other within `time` (see proxy::Drain), and calls
  /// `drained` on the loop when the last one has ended.
  void drain(Duration time, std::function<void()> drained);
  /// Ends the sessions that are left, for `reason` (a literal). After `drain`.
  void force(std::string_view reason);
  /// Writes a line about each session.
  void log_sessions();
  /// Calls `done` on the loop with the figures as they are there, and starts a new time for those
  /// that are about the time since the last call.
  void collect(std::function<void(observe::MetricsTable)> done);
  /// Calls `done` on the loop with the bytes that its `most` largest sessions have queued.
  void find_largest(std::size_t most, std::function<void(std::vector<std::size_t>)> done);
  /// Ends the `count` largest, and calls `done` on the loop when their memory is counted as free.
  void stop_largest(std::size_t count, proxy::MemoryPressure pressure, std::function<void()> done);

  void ping(std::function<void(bool)> done) override;
  void report(std::function<void(LoopReport)> done) override;
  void list_connections(const observe::ConnectionQuery& query,
                        std::function<void(observe::ConnectionList)> done) override;
  void end_connection(std::uint64_t id, std::function<void(bool)> done) override;

  /// Sessions that `drain` and `force` ended. REQUIRES: joined.
  [[nodiscard]] std::size_t forced() const;
  /// The last figures. REQUIRES: joined.
  [[nodiscard]] observe::MetricsTable metrics() const;

 private:
  std::shared_ptr<observe::RouteMetrics> metrics_of(const proxy::Route& route);
  std::optional<Change::Failure> open(Change::Open open);
  void close(ListenerId listener);
  void begin_drain_of(const std::string& route, Duration time);
  void log_more_sessions();

  // In the order of need: the loop goes last.
  Surroundings surroundings_;
  EventLoop loop_;
  overflow::MemoryAccount memory_;
  overflow::ChunkPool chunks_;
  std::map<std::string, std::shared_ptr<observe::RouteMetrics>> metrics_;  // by route
  proxy::SessionSet sessions_;
  SessionIds ids_;
  std::map<ListenerId, std::unique_ptr<Acceptor>> acceptors_;
  std::vector<std::unique_ptr<proxy::Drain>> removed_routes_;
  std::unique_ptr<proxy::Drain> drain_;  // of all, once it began
  std::uint64_t logged_ = 0;             // the session whose line was written last
  Timer log_more_;
  std::size_t forced_ = 0;
  std::thread thread_;
};

}  // namespace spillway::server
