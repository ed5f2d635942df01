#include "bench/load/event_loop.hpp"

#include "bench/load/failure.hpp"

#include <algorithm>
#include <span>

namespace load {

namespace {

Descriptor epoll() {
  Descriptor result(epoll_create1(EPOLL_CLOEXEC));
  if (result.number() < 0) throw Failure(with_errno("epoll_create1"));
  return result;
}

std::size_t wait(const Descriptor& epoll, std::span<epoll_event> events, int timeout_ms) {
  const int size = static_cast<int>(events.size());
  const int ready = epoll_wait(epoll.number(), events.data(), size, timeout_ms);
  if (ready < 0 && errno != EINTR) throw Failure(with_errno("epoll_wait"));
  return static_cast<std::size_t>(std::max(ready, 0));
}

int milliseconds_until(EventLoop::Clock::time_point then) {
  const auto left = std::chrono::ceil<std::chrono::milliseconds>(then - EventLoop::Clock::now());
  return static_cast<int>(std::clamp<std::int64_t>(left.count(), 0, 1000));
}

void proceed(const epoll_event& event) {
  static_cast<Ready*>(event.data.ptr)->on_ready(event.events);
}

}  // namespace

EventLoop::EventLoop() : prompt_(epoll()), bulk_(epoll()) {
  control(EPOLL_CTL_ADD, bulk_, Urgency::prompt, EPOLLIN, nullptr);
}

void EventLoop::add(const Descriptor& socket, Urgency urgency, std::uint32_t events, Ready& ready) {
  control(EPOLL_CTL_ADD, socket, urgency, events, &ready);
}

void EventLoop::change(const Descriptor& socket, Urgency urgency, std::uint32_t events,
                       Ready& ready) {
  control(EPOLL_CTL_MOD, socket, urgency, events, &ready);
}

void EventLoop::move(const Descriptor& socket, Urgency to, std::uint32_t events, Ready& ready) {
  const Urgency from = to == Urgency::bulk ? Urgency::prompt : Urgency::bulk;
  control(EPOLL_CTL_DEL, socket, from, 0, nullptr);
  control(EPOLL_CTL_ADD, socket, to, events, &ready);
}

void EventLoop::control(int operation, const Descriptor& socket, Urgency urgency,
                        std::uint32_t events, Ready* ready) {
  const Descriptor& epoll = urgency == Urgency::prompt ? prompt_ : bulk_;
  epoll_event event{};
  event.events = events;
  event.data.ptr = ready;
  if (epoll_ctl(epoll.number(), operation, socket.number(), &event) != 0) {
    throw Failure(with_errno("epoll_ctl"));
  }
}

void EventLoop::turn(Clock::time_point until) {
  const std::size_t ready = wait(prompt_, prompt_events_, milliseconds_until(until));
  bool bulk = false;
  for (const epoll_event& event : std::span(prompt_events_).first(ready)) {
    if (event.data.ptr == nullptr) {
      bulk = true;
    } else {
      bulk_at_once_ = 1;
      proceed(event);
    }
  }
  if (bulk) bulk_turn();
}

void EventLoop::bulk_turn() {
  const auto space = std::span(bulk_events_).first(bulk_at_once_);
  for (const epoll_event& event : space.first(wait(bulk_, space, 0))) proceed(event);
  bulk_at_once_ = std::min(bulk_at_once_ * 2, most_bulk);
}

}  // namespace load
