// One event loop with everything that lives on it, and its thread.
#pragma once

#include "daemon/observe/log.hpp"
#include "daemon/overflow/chunk_pool.hpp"
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

  /// `log` outlives the worker, `resolver` its sessions.
  Worker(Place place, observe::Log& log, Resolver& resolver);
  ~Worker();
  Worker(const Worker&) = delete;
  Worker& operator=(const Worker&) = delete;

  /// Whether anybody else listens there. Loops share their addresses (SO_REUSEPORT), and would
  /// share them with a second daemon of the same user too, without a word. REQUIRES: not started.
  boost::system::result<void, ListenError> check_free(const HostPort& address);

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

  /// Sessions that `force` ended. REQUIRES: joined.
  [[nodiscard]] std::size_t forced() const { return forced_; }

 private:
  // In the order of need: the loop goes last.
  Place place_;
  observe::Log& log_;
  EventLoop loop_;
  overflow::ChunkPool chunks_;
  proxy::SessionSet sessions_;
  SessionIds ids_;
  std::vector<std::unique_ptr<Acceptor>> acceptors_;
  std::size_t forced_ = 0;
  std::thread thread_;
};

}  // namespace spillway::server
