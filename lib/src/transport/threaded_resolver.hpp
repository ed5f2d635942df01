// A resolver that looks names up on threads of its own.
#pragma once

#include <spillway/resolver.hpp>

#include <condition_variable>
#include <deque>
#include <functional>
#include <memory>
#include <mutex>
#include <thread>
#include <vector>

namespace spillway {

/// Puts threads around a look-up that blocks. The threads start with the first name that needs
/// one.
class ThreadedResolver final : public Resolver {
 public:
  using LookUp = std::function<ResolveResult(const HostPort&)>;

  /// `look_up` is called on several threads at a time.
  explicit ThreadedResolver(LookUp look_up);
  ~ThreadedResolver() override;

  [[nodiscard]] std::unique_ptr<Query> resolve(EventLoop& loop, const HostPort& target,
                                               std::function<void(ResolveResult)> handler) override;

 private:
  class Request;
  class OwnedRequest;

  void enqueue(std::shared_ptr<Request> request);
  void forget(const std::shared_ptr<Request>& request);
  void start_thread();
  void work();
  std::shared_ptr<Request> take();

  LookUp look_up_;
  std::mutex mutex_;
  std::condition_variable changed_;
  std::deque<std::shared_ptr<Request>> waiting_;
  bool ending_ = false;
  std::vector<std::thread> threads_;
};

}  // namespace spillway
