#include "transport/threaded_resolver.hpp"

#include "transport/system_address.hpp"

#include <spillway/event_loop.hpp>

#include <cstddef>
#include <optional>
#include <system_error>
#include <utility>

namespace spillway {

namespace {

// One slow name does not hold up the rest; a second slow one may.
constexpr std::size_t max_threads = 2;

}  // namespace

/// Shared by the query and by the thread that works on it: either may be done first.
class ThreadedResolver::Request {
 public:
  Request(EventLoop& loop, HostPort target, std::function<void(ResolveResult)> handler)
      : loop_(loop), target_(std::move(target)), handler_(std::move(handler)) {}

  [[nodiscard]] const HostPort& target() const { return target_; }

  [[nodiscard]] bool cancelled() {
    const std::lock_guard lock(mutex_);
    return !handler_;
  }

  /// From any thread. The lock makes `cancel` wait for the post: after it the loop may be gone.
  static void answer(const std::shared_ptr<Request>& request, ResolveResult result) {
    const std::lock_guard lock(request->mutex_);
    if (!request->handler_) return;
    request->loop_.post(
        [request, result = std::move(result)]() mutable { request->deliver(std::move(result)); });
  }

  /// On the loop's thread. The handler is destroyed here and not on the thread that lets go of
  /// the request last.
  void cancel() { take_handler(); }

 private:
  void deliver(ResolveResult result) {
    if (const auto handler = take_handler()) handler(std::move(result));
  }

  std::function<void(ResolveResult)> take_handler() {
    const std::lock_guard lock(mutex_);
    return std::exchange(handler_, nullptr);
  }

  EventLoop& loop_;
  const HostPort target_;
  std::mutex mutex_;
  std::function<void(ResolveResult)> handler_;  // none once called or cancelled
};

class ThreadedResolver::OwnedRequest final : public Query {
 public:
  OwnedRequest(ThreadedResolver& resolver, std::shared_ptr<Request> request)
      : resolver_(resolver), request_(std::move(request)) {}
  ~OwnedRequest() override {
    request_->cancel();
    // While names hang, cancelled requests would pile up.
    resolver_.forget(request_);
  }

 private:
  ThreadedResolver& resolver_;
  std::shared_ptr<Request> request_;
};

ThreadedResolver::ThreadedResolver(LookUp look_up) : look_up_(std::move(look_up)) {}

ThreadedResolver::~ThreadedResolver() {
  {
    const std::lock_guard lock(mutex_);
    ending_ = true;
  }
  changed_.notify_all();
  for (std::thread& thread : threads_) thread.join();
}

std::unique_ptr<Resolver::Query> ThreadedResolver::resolve(
    EventLoop& loop, const HostPort& target, std::function<void(ResolveResult)> handler) {
  auto request = std::make_shared<Request>(loop, target, std::move(handler));
  if (const std::optional<Address> literal = literal_address(target)) {
    Request::answer(request, std::vector{*literal});
  } else {
    enqueue(request);
  }
  return std::make_unique<OwnedRequest>(*this, std::move(request));
}

void ThreadedResolver::enqueue(std::shared_ptr<Request> request) {
  {
    const std::lock_guard lock(mutex_);
    waiting_.push_back(std::move(request));
    if (threads_.size() < max_threads) start_thread();
  }
  changed_.notify_one();
}

// One thread is enough; without any, the requests wait until a later one gets a thread.
void ThreadedResolver::start_thread() {
  try {
    threads_.emplace_back([this] { work(); });
  } catch (const std::system_error&) {
  }
}

void ThreadedResolver::forget(const std::shared_ptr<Request>& request) {
  const std::lock_guard lock(mutex_);
  std::erase(waiting_, request);
}

void ThreadedResolver::work() {
  while (const std::shared_ptr<Request> request = take()) {
    if (!request->cancelled()) Request::answer(request, look_up_(request->target()));
  }
}

/// The next request; none when the resolver ends.
std::shared_ptr<ThreadedResolver::Request> ThreadedResolver::take() {
  std::unique_lock lock(mutex_);
  changed_.wait(lock, [this] { return ending_ || !waiting_.empty(); });
  if (ending_) return nullptr;
  std::shared_ptr<Request> request = std::move(waiting_.front());
  waiting_.pop_front();
  return request;
}

}  // namespace spillway
