// One event loop with everything that lives on it, and its thread.
#pragma once

#include "daemon/observe/log.hpp"
#include "daemon/observe/metrics_table.hpp"
#include "daemon/overflow/chunk_pool.hpp"
#include "daemon/overflow/memory_limit.hpp"
#include "daemon/proxy/connection_limit.hpp"
#include "daemon/proxy/route.hpp"
#include "daemon/proxy/session_set.hpp"
#include "daemon/server/acceptor.hpp"

#include <spillway/endpoint.hpp>
#include <spillway/event_loop.hpp>
#include <spillway/listener.hpp>
#include <spillway/resolver.hpp>

#include <boost/system/result.hpp>

#include <cstddef>
#include <cstdint>
#include <functional>
#include <memory>
#include <string_view>
#include <thread>
#include <vector>

namespace spillway::server {

/// A session that was accepted here lives and dies here.
class Worker {
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
  ~Worker();
  Worker(const Worker&) = delete;
  Worker& operator=(const Worker&) = delete;

  /// Binds; nothing is accepted before `start`. REQUIRES: not started.
  boost::system::result<const Acceptor*, ListenError> listen(
      std::shared_ptr<const proxy::Route> route, const Endpoint& endpoint);

  void start();
  /// Stops the loop and waits for its thread, if there is one.
  void join();

  // From any thread, once started.
  /// Accepts no more, and calls `drained` on the loop when the last session has ended.
  void drain(std::function<void()> drained);
  /// Ends the sessions that are left, for `reason` (a literal). After `drain`.
  void force(std::string_view reason);
  /// Calls `done` on the loop with the figures as they are there, and starts a new time for those
  /// that are about the time since the last call.
  void collect(std::function<void(observe::MetricsTable)> done);
  /// Calls `done` on the loop with the bytes that its `most` largest sessions have queued.
  void find_largest(std::size_t most, std::function<void(std::vector<std::size_t>)> done);
  /// Ends the `count` largest, and calls `done` on the loop when their memory is counted as free.
  void stop_largest(std::size_t count, proxy::MemoryPressure pressure, std::function<void()> done);

  /// Sessions that `force` ended. REQUIRES: joined.
  [[nodiscard]] std::size_t forced() const { return forced_; }
  /// The last figures. REQUIRES: joined.
  [[nodiscard]] const observe::MetricsTable& metrics() const { return metrics_; }

 private:
  // In the order of need: the loop goes last.
  Place place_;
  Surroundings surroundings_;
  EventLoop loop_;
  overflow::MemoryAccount memory_;
  overflow::ChunkPool chunks_;
  observe::MetricsTable metrics_;
  proxy::SessionSet sessions_;
  SessionIds ids_;
  std::vector<std::unique_ptr<Acceptor>> acceptors_;
  std::size_t forced_ = 0;
  std::thread thread_;
};

}  // namespace spillway::server
