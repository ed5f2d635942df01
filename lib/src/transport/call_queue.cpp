#include "transport/call_queue.hpp"

#include "transport/socket.hpp"

#include <boost/system/system_error.hpp>
#include <boost/throw_exception.hpp>

#include <sys/eventfd.h>

#include <cstddef>
#include <utility>

namespace spillway {

CallQueue::CallQueue(Poller& poller)
    : poller_(poller), event_(::eventfd(0, EFD_CLOEXEC | EFD_NONBLOCK)) {
  boost::system::error_code error;
  if (!event_) error = last_error();
  if (!error) error = poller_.add(event_, {.readable = true}, *this);
  if (error) {
    boost::throw_exception(boost::system::system_error(error, "cannot make a loop's call queue"));
  }
}

CallQueue::~CallQueue() { poller_.remove(event_, *this); }

void CallQueue::push(std::function<void()> call) {
  const std::lock_guard lock(mutex_);
  calls_.push_back(std::move(call));
  if (calls_.size() == 1) wake();
}

void CallQueue::wake() { ::eventfd_write(event_.get(), 1); }

void CallQueue::clear() {
  // The calls are destroyed outside the lock: what they hold may push.
  std::deque<std::function<void()>> dropped;
  const std::lock_guard lock(mutex_);
  dropped.swap(calls_);
}

void CallQueue::on_poll(Readiness) {
  std::size_t left = 0;
  {
    const std::lock_guard lock(mutex_);
    left = calls_.size();
  }
  // Not what the calls push themselves: that is for a later turn. The event stays raised while
  // anything is left, so a call that throws strands nothing.
  for (; left > 0; --left) pop()();
  quiet();
}

std::function<void()> CallQueue::pop() {
  const std::lock_guard lock(mutex_);
  std::function<void()> call = std::move(calls_.front());
  calls_.pop_front();
  return call;
}

void CallQueue::quiet() {
  const std::lock_guard lock(mutex_);
  if (!calls_.empty()) return;
  eventfd_t count = 0;
  ::eventfd_read(event_.get(), &count);
}

}  // namespace spillway
