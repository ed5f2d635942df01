#include "transport/poller.hpp"

#include "transport/socket.hpp"

#include <boost/system/system_error.hpp>
#include <boost/throw_exception.hpp>

#include <algorithm>
#include <cassert>

namespace spillway {

namespace {

epoll_event event_for(Interest interest, Pollable& pollable) {
  epoll_event event{};
  event.data.ptr = &pollable;
  if (interest.readable) event.events |= EPOLLIN | EPOLLRDHUP;
  if (interest.writeable) event.events |= EPOLLOUT;
  // Errors and hang-ups cannot be masked out, and a hang-up stays true until the descriptor is
  // closed: with nobody acting on it, level-triggering would wake the loop for ever.
  if (interest == Interest{}) event.events = EPOLLET;
  return event;
}

Readiness readiness_of(std::uint32_t events) {
  return {.readable = (events & (EPOLLIN | EPOLLRDHUP)) != 0,
          .writeable = (events & EPOLLOUT) != 0,
          .failed = (events & (EPOLLERR | EPOLLHUP)) != 0};
}

}  // namespace

Poller::Poller() : epoll_(::epoll_create1(EPOLL_CLOEXEC)) {
  if (!epoll_) {
    boost::throw_exception(boost::system::system_error(last_error(), "cannot make a poller"));
  }
}

boost::system::error_code Poller::add(const Descriptor& descriptor, Interest interest,
                                      Pollable& pollable) {
  epoll_event event = event_for(interest, pollable);
  if (::epoll_ctl(epoll_.get(), EPOLL_CTL_ADD, descriptor.get(), &event) != 0) return last_error();
  return {};
}

void Poller::change(const Descriptor& descriptor, Interest interest, Pollable& pollable) {
  epoll_event event = event_for(interest, pollable);
  [[maybe_unused]] const int result =
      ::epoll_ctl(epoll_.get(), EPOLL_CTL_MOD, descriptor.get(), &event);
  assert(result == 0);
}

void Poller::hand_over(const Descriptor& descriptor, Interest interest, Pollable& from,
                       Pollable& to) {
  change(descriptor, interest, to);
  forget(from);
}

void Poller::remove(const Descriptor& descriptor, Pollable& pollable) {
  // Closing would not be enough where a child process has inherited the descriptor.
  [[maybe_unused]] const int result =
      ::epoll_ctl(epoll_.get(), EPOLL_CTL_DEL, descriptor.get(), nullptr);
  assert(result == 0);
  forget(pollable);
}

// What was found already is not told any more.
void Poller::forget(const Pollable& pollable) {
  for (std::size_t i = next_; i < end_; ++i) {
    if (batch_[i].data.ptr == &pollable) batch_[i].data.ptr = nullptr;
  }
}

bool Poller::look(Wait wait) {
  if (next_ < end_) return true;
  const int timeout = wait == Wait::yes ? -1 : 0;
  const int found =
      ::epoll_wait(epoll_.get(), batch_.data(), static_cast<int>(batch_size), timeout);
  next_ = 0;
  end_ = static_cast<std::size_t>(std::max(found, 0));
  return found > 0;
}

bool Poller::tell_next() {
  if (next_ == end_) return false;
  foresee();
  const epoll_event event = batch_[next_++];
  auto* pollable = static_cast<Pollable*>(event.data.ptr);
  if (pollable != nullptr) pollable->on_poll(readiness_of(event.events));
  return true;
}

// With more connections than the cache holds, memory is most of what an event costs: it comes while
// those before it are told.
void Poller::foresee() const {
  if (next_ + 2 < end_) __builtin_prefetch(batch_[next_ + 2].data.ptr);
  if (next_ + 1 >= end_) return;
  const auto* next = static_cast<const Pollable*>(batch_[next_ + 1].data.ptr);
  if (next != nullptr) next->foresee();
}

}  // namespace spillway
