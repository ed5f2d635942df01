#include "transport/threaded_resolver.hpp"

#include "transport/system_address.hpp"

#include <spillway/event_loop.hpp>

#include <algorithm>
#include <cstddef>
#include <iterator>
#include <optional>
#include <system_error>
#include <utility>

namespace spillway {

namespace {

// One slow name does not hold up the rest, however many ask for it; a second slow one may.
constexpr std::size_t max_threads = 2;

}  // namespace

/// Shared by the query and by the thread that works on it: either may be done first.
class ThreadedResolver::Request {
 public:
  Request(EventLoop& loop, HostPort target, std::function<void(ResolveResult)> handler)
      : loop_(loop), target_(std::move(target)), handler_(std::move(handler)) {}

  [[nodiscard]] const HostPort& target() const { return target_; }

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

/// One name that is looked up for all who ask for it meanwhile.
struct ThreadedResolver::Question {
  HostPort target;
  std::vector<std::shared_ptr<Request>> requests;
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
    const auto asked = std::ranges::find(questions_, request->target(), &Question::target);
    if (asked != questions_.end()) return asked->requests.push_back(std::move(request));
    const HostPort target = request->target();
    questions_.push_back({target, {std::move(request)}});
    waiting_.push_back(std::prev(questions_.end()));
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

// A question that nobody waits for any more stays, for who asks next; unless it is not begun.
void ThreadedResolver::forget(const std::shared_ptr<Request>& request) {
  const std::lock_guard lock(mutex_);
  const auto asked = std::ranges::find(questions_, request->target(), &Question::target);
  if (asked == questions_.end()) return;
  std::erase(asked->requests, request);
  if (asked->requests.empty() && std::erase(waiting_, asked) > 0) questions_.erase(asked);
}

void ThreadedResolver::work() {
  while (const std::optional<Questions::iterator> question = take()) {
    const ResolveResult result = look_up_((*question)->target);
    for (const auto& request : finish(*question)) Request::answer(request, result);
  }
}

/// The next question; none when the resolver ends.
std::optional<ThreadedResolver::Questions::iterator> ThreadedResolver::take() {
  std::unique_lock lock(mutex_);
  changed_.wait(lock, [this] { return ending_ || !waiting_.empty(); });
  if (ending_) return std::nullopt;
  const auto question = waiting_.front();
  waiting_.pop_front();
  return question;
}

/// Who waits for the answer.
std::vector<std::shared_ptr<ThreadedResolver::Request>> ThreadedResolver::finish(
    Questions::iterator question) {
  const std::lock_guard lock(mutex_);
  auto requests = std::move(question->requests);
  questions_.erase(question);
  return requests;
}

}  // namespace spillway
