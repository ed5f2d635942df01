#include "daemon/server/signals.hpp"

#include <boost/asio/buffer.hpp>
#include <boost/system/error_code.hpp>
#include <boost/system/system_error.hpp>
#include <boost/throw_exception.hpp>

#include <unistd.h>

#include <cerrno>
#include <cstddef>
#include <cstdint>
#include <initializer_list>
#include <utility>

namespace spillway::server {

namespace {

sigset_t taken() {
  sigset_t set;
  ::sigemptyset(&set);
  for (const int number : {SIGTERM, SIGINT, SIGHUP, SIGUSR1, SIGUSR2}) ::sigaddset(&set, number);
  return set;
}

// Not Asio's signal_set, which takes signals in handlers: these run wherever the program happens to
// be, and ThreadSanitizer of GCC 12 loses what comes while a thread first makes a blocking call.
int open_descriptor() {
  const sigset_t set = taken();
  const int descriptor = ::signalfd(-1, &set, SFD_CLOEXEC);
  if (descriptor < 0) {
    const boost::system::error_code error(errno, boost::system::system_category());
    boost::throw_exception(boost::system::system_error(error, "cannot read signals"));
  }
  return descriptor;
}

Signal meaning(std::uint32_t number) {
  switch (number) {
    case SIGHUP:
      return Signal::reload;
    case SIGUSR1:
      return Signal::reopen_logs;
    case SIGUSR2:
      return Signal::log_connections;
    default:
      return Signal::stop;
  }
}

extern "C" void leave_at_once(int) { ::_exit(1); }

}  // namespace

Signals::Signals(boost::asio::io_context& control, std::function<void(Signal)> on_signal)
    : descriptor_(control, open_descriptor()), on_signal_(std::move(on_signal)) {
  wait();
}

Signals::~Signals() {
  for (const int number : {SIGHUP, SIGUSR1, SIGUSR2}) ::signal(number, SIG_IGN);
  for (const int number : {SIGTERM, SIGINT}) ::signal(number, leave_at_once);
}

void Signals::wait() {
  descriptor_.async_read_some(boost::asio::buffer(&arrived_, sizeof arrived_),
                              [this](const boost::system::error_code& error, std::size_t) {
                                if (error) return;
                                on_signal_(meaning(arrived_.ssi_signo));
                                wait();
                              });
}

Signals::Blocked::Blocked() {
  const sigset_t set = taken();
  ::pthread_sigmask(SIG_BLOCK, &set, &before_);
}

Signals::Blocked::~Blocked() { ::pthread_sigmask(SIG_SETMASK, &before_, nullptr); }

}  // namespace spillway::server
