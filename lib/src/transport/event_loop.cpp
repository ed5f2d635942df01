#include "transport/alarm.hpp"
#include "transport/call_queue.hpp"
#include "transport/handler_slot.hpp"
#include "transport/poller.hpp"

#include <spillway/event_loop.hpp>

#include <boost/asio/bind_allocator.hpp>
#include <boost/asio/io_context.hpp>
#include <boost/asio/posix/basic_stream_descriptor.hpp>

#include <atomic>
#include <optional>
#include <utility>

namespace spillway {

namespace {

// While the context has work: how often the poller is looked at without letting its handlers run.
// Looking again is cheaper than arming the wait (one system call against two).
constexpr int rounds_in_a_row = 64;

}  // namespace

/// The thread waits in the poller, where a wake-up costs one system call. Only while the
/// application has work on the Asio context does it wait there, for the poller's descriptor as one
/// among the context's.
class EventLoop::Impl {
 public:
  explicit Impl(Scheduler& scheduler);
  ~Impl();

  void run();
  bool poll();
  void stop();

  boost::asio::io_context& context() { return context_; }
  Poller& poller() { return poller_; }
  CallQueue& calls() { return calls_; }

 private:
  using PollerReady =
      boost::asio::posix::basic_stream_descriptor<boost::asio::io_context::executor_type>;

  bool serve_context();
  void wait_in_poller();
  void wait_in_context();
  bool look(Poller::Wait wait);
  bool run_round();
  bool run_rounds();
  void set_alarm();

  Scheduler& scheduler_;
  std::atomic<bool> stop_{false};
  // The order matters backwards: an operation that is under way at the end is freed by the context,
  // into the slot.
  HandlerSlot slot_;
  boost::asio::io_context context_{BOOST_ASIO_CONCURRENCY_HINT_UNSAFE};
  Poller poller_;
  CallQueue calls_{poller_};
  Alarm alarm_{poller_};
  PollerReady ready_{context_, poller_.descriptor()};
  bool waiting_ = false;  // for ready_
};

EventLoop::Impl::Impl(Scheduler& scheduler) : scheduler_(scheduler) {}

EventLoop::Impl::~Impl() {
  // The poller closes it.
  ready_.release();
}

void EventLoop::Impl::run() {
  while (!stop_.exchange(false)) {
    if (!serve_context()) {
      wait_in_poller();
    } else if (!run_rounds()) {
      wait_in_context();
    }
  }
}

bool EventLoop::Impl::poll() {
  context_.restart();
  const bool handled = context_.poll() > 0;
  return run_round() || handled;
}

void EventLoop::Impl::stop() {
  stop_ = true;
  calls_.wake();
}

/// Lets the context's handlers run. True while it has work left to wait for.
bool EventLoop::Impl::serve_context() {
  // A context without work stops by itself, which is how it tells.
  context_.restart();
  context_.poll();
  return !context_.stopped();
}

void EventLoop::Impl::wait_in_poller() {
  set_alarm();
  look(scheduler_.has_work() ? Poller::Wait::no : Poller::Wait::yes);
  scheduler_.run_turn();
}

/// What an event deferred runs before the next event, while its connection is in the cache.
bool EventLoop::Impl::look(Poller::Wait wait) {
  const bool found = poller_.look(wait);
  while (poller_.tell_next()) scheduler_.run_deferred();
  return found;
}

/// One look at the poller and, if there is anything to do, one turn.
bool EventLoop::Impl::run_round() {
  bool something = look(Poller::Wait::no) || scheduler_.has_work();
  if (!something) {
    const std::optional<TimePoint> deadline = scheduler_.next_deadline();
    something = deadline && *deadline <= scheduler_.now();
  }
  if (something) scheduler_.run_turn();
  return something;
}

/// False when nothing is left to do.
bool EventLoop::Impl::run_rounds() {
  for (int round = 0; round < rounds_in_a_row && !stop_; ++round) {
    if (!run_round()) return false;
  }
  return true;
}

void EventLoop::Impl::wait_in_context() {
  set_alarm();
  if (!waiting_) {
    waiting_ = true;
    ready_.async_wait(PollerReady::wait_read,
                      boost::asio::bind_allocator(
                          HandlerAllocator<void>(slot_),
                          [this](const boost::system::error_code&) { waiting_ = false; }));
  }
  context_.run_one();
}

void EventLoop::Impl::set_alarm() {
  const std::optional<TimePoint> deadline = scheduler_.next_deadline();
  if (deadline && !alarm_.rings_by(*deadline)) alarm_.ring_at(*deadline, scheduler_.now());
}

EventLoop::EventLoop(const Clock& clock) : Scheduler(clock), impl_(std::make_unique<Impl>(*this)) {}

EventLoop::~EventLoop() {
  // What is retired may own sockets: it goes before the poller does.
  impl_->calls().clear();
  run_turn();
}

void EventLoop::run() { impl_->run(); }

bool EventLoop::poll() { return impl_->poll(); }

void EventLoop::stop() { impl_->stop(); }

void EventLoop::post(std::function<void()> call) { impl_->calls().push(std::move(call)); }

boost::asio::io_context& EventLoop::context() { return impl_->context(); }

Poller& EventLoop::poller() { return impl_->poller(); }

}  // namespace spillway
