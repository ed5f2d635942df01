// One thread's event loop.
#pragma once

#include <spillway/scheduler.hpp>

#include <functional>
#include <memory>

namespace boost::asio {
class io_context;
}

namespace spillway {

class Poller;

/// A scheduler driven by the operating system. Sockets, listeners, connectors and connections
/// belong to one loop and are touched only on its thread; `post` and `stop` are the two calls
/// that any thread may make.
class EventLoop final : public Scheduler {
 public:
  explicit EventLoop(const Clock& clock = steady_clock());
  /// REQUIRES: not running, and everything that belongs to the loop is gone.
  ~EventLoop() override;

  /// Runs until `stop()`. May be called again afterwards. Throws what a posted function throws.
  void run();
  /// Does what is ready now and returns without waiting. True if anything was done.
  bool poll();
  /// Makes `run()` return after the current turn; before `run()`, makes it return at once.
  /// Thread-safe.
  void stop();
  /// Runs `call` on the loop in a later turn, in the order of the posts. Thread-safe; never
  /// blocks on the loop.
  void post(std::function<void()> call);

  /// The Asio context that the loop runs on. It is built without locks
  /// (BOOST_ASIO_CONCURRENCY_HINT_UNSAFE): use it on the loop's thread only, and `post` above to
  /// reach the loop from elsewhere.
  boost::asio::io_context& context();
  /// The readiness seam; for transports and listeners.
  Poller& poller();

 private:
  class Impl;
  std::unique_ptr<Impl> impl_;
};

}  // namespace spillway
