// Calls that other threads hand to a loop.
#pragma once

#include "transport/poller.hpp"

#include <deque>
#include <functional>
#include <mutex>

namespace spillway {

/// `push` and `wake` are for any thread, the rest for the loop's. The loop's poller sees the queue
/// as ready while it holds something.
class CallQueue final : private Pollable {
 public:
  explicit CallQueue(Poller& poller);
  ~CallQueue();
  CallQueue(const CallQueue&) = delete;
  CallQueue& operator=(const CallQueue&) = delete;

  void push(std::function<void()> call);
  /// Makes the poller ready once, with nothing to call.
  void wake();
  /// Drops what was not called yet.
  void clear();

 private:
  void on_poll(Readiness readiness) override;
  std::function<void()> pop();
  void quiet();

  Poller& poller_;
  Descriptor event_;
  std::mutex mutex_;
  std::deque<std::function<void()>> calls_;
};

}  // namespace spillway
