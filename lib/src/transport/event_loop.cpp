#include "transport/alarm.hpp"
#include "transport/call_queue.hpp"
#include "transport/handler_slot.hpp"
#include "transport/poller.hpp"

#include <spillway/event_loop.hpp>

#include <boost/asio/bind_allocator.hpp>
#include <boost/asio/executor_work_guard.hpp>
#include <boost/asio/io_context.hpp>
#include <boost/asio/posix/basic_stream_descriptor.hpp>

#include <atomic>
#include <optional>
#include <utility>

namespace spillway {

namespace {

// How often the poller is looked at without letting Asio's own handlers run. Looking again is
// cheaper than arming the wait (one system call against two), so a busy loop seldom gets to it.
constexpr int rounds_in_a_row = 64;

}  // namespace

/// The poller's descriptor is one descriptor of the Asio context. The context is where the thread
/// waits; what a connection does costs it nothing.
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

  bool run_round();
  bool run_rounds();
  void wait();

  Scheduler& scheduler_;
  std::atomic<bool> stop_{false};
  // The order matters backwards: an operation that is under way at the end is freed by the context,
  // into the slot.
  HandlerSlot slot_;
  boost::asio::io_context context_{BOOST_ASIO_CONCURRENCY_HINT_UNSAFE};
  // A context that runs out of work stops by itself, and does not wait any more.
  boost::asio::executor_work_guard<boost::asio::io_context::executor_type> work_{
      context_.get_executor()};
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
    if (run_rounds()) {
      context_.poll();
    } else {
      wait();
    }
  }
}

bool EventLoop::Impl::poll() {
  const bool handled = context_.poll() > 0;
  return run_round() || handled;
}

void EventLoop::Impl::stop() {
  stop_ = true;
  calls_.wake();
}

/// One look at the poller and, if there is anything to do, one turn.
bool EventLoop::Impl::run_round() {
  bool something = poller_.dispatch() || scheduler_.has_work();
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

void EventLoop::Impl::wait() {
  if (const std::optional<TimePoint> deadline = scheduler_.next_deadline()) {
    alarm_.ring_by(*deadline, scheduler_.now());
  }
  if (!waiting_) {
    waiting_ = true;
    ready_.async_wait(PollerReady::wait_read,
                      boost::asio::bind_allocator(
                          HandlerAllocator<void>(slot_),
                          [this](const boost::system::error_code&) { waiting_ = false; }));
  }
  context_.run_one();
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
