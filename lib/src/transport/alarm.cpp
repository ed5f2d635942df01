#include "transport/alarm.hpp"

#include "transport/socket.hpp"

#include <boost/system/system_error.hpp>
#include <boost/throw_exception.hpp>

#include <sys/timerfd.h>
#include <unistd.h>

#include <algorithm>
#include <cassert>
#include <chrono>
#include <cstdint>

namespace spillway {

namespace {

timespec to_timespec(Duration duration) {
  // All zeros would disarm the timer.
  const auto whole = std::max<std::chrono::nanoseconds>(duration, std::chrono::nanoseconds(1));
  const auto seconds = std::chrono::floor<std::chrono::seconds>(whole);
  return {.tv_sec = seconds.count(), .tv_nsec = (whole - seconds).count()};
}

}  // namespace

Alarm::Alarm(Poller& poller)
    : poller_(poller), timer_(::timerfd_create(CLOCK_MONOTONIC, TFD_CLOEXEC | TFD_NONBLOCK)) {
  boost::system::error_code error;
  if (!timer_) error = last_error();
  if (!error) error = poller_.add(timer_, {.readable = true}, *this);
  if (error) {
    boost::throw_exception(boost::system::system_error(error, "cannot make a loop's alarm"));
  }
}

Alarm::~Alarm() { poller_.remove(timer_, *this); }

void Alarm::ring_at(TimePoint when, TimePoint now) {
  set_for_ = when;
  // Relative, because the loop's clock need not be the system's.
  const itimerspec setting{.it_interval = {}, .it_value = to_timespec(when - now)};
  [[maybe_unused]] const int result = ::timerfd_settime(timer_.get(), 0, &setting, nullptr);
  assert(result == 0);
}

void Alarm::on_poll(Readiness) {
  std::uint64_t rings = 0;
  [[maybe_unused]] const auto size = ::read(timer_.get(), &rings, sizeof(rings));
  set_for_.reset();
}

}  // namespace spillway
