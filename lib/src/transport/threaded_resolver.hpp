// A resolver that looks names up on threads of its own.
#pragma once

#include <spillway/resolver.hpp>

#include <condition_variable>
#include <deque>
#include <functional>
#include <list>
#include <memory>
#include <mutex>
#include <optional>
#include <thread>
#include <vector>

namespace spillway {

/// Puts threads around a look-up that blocks. Who asks for a name that is being looked up gets the
/// same answer. The threads start with the first name that needs one.
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
  struct Question;
  using Questions = std::list<Question>;

  void enqueue(std::shared_ptr<Request> request);
  void forget(const std::shared_ptr<Request>& request);
  void start_thread();
  void work();
  std::optional<Questions::iterator> take();
  std::vector<std::shared_ptr<Request>> finish(Questions::iterator question);

  LookUp look_up_;
  std::mutex mutex_;
  std::condition_variable changed_;
  Questions questions_;                      // waiting, or being looked up
  std::deque<Questions::iterator> waiting_;  // in the order in which they came
  bool ending_ = false;
  std::vector<std::thread> threads_;
};

}  // namespace spillway
