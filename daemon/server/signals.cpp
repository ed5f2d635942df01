#include "daemon/server/signals.hpp"

#include <boost/system/error_code.hpp>

#include <signal.h>
#include <unistd.h>

#include <initializer_list>
#include <utility>

namespace spillway::server {

namespace {

Signal meaning(int number) {
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
    : set_(control, SIGTERM, SIGINT, SIGHUP), on_signal_(std::move(on_signal)) {
  set_.add(SIGUSR1);
  set_.add(SIGUSR2);
  wait();
}

// Letting go of a signal restores its default, which is to kill the process: what arrives in
// between waits until it means something else.
Signals::~Signals() {
  const SignalsHeldBack held_back;
  boost::system::error_code ignored;
  set_.clear(ignored);
  for (const int number : {SIGHUP, SIGUSR1, SIGUSR2}) ::signal(number, SIG_IGN);
  for (const int number : {SIGTERM, SIGINT}) ::signal(number, leave_at_once);
}

void Signals::wait() {
  set_.async_wait([this](const boost::system::error_code& error, int number) {
    if (error) return;
    wait();
    on_signal_(meaning(number));
  });
}

SignalsHeldBack::SignalsHeldBack() {
  sigset_t taken;
  ::sigemptyset(&taken);
  for (const int number : {SIGTERM, SIGINT, SIGHUP, SIGUSR1, SIGUSR2}) ::sigaddset(&taken, number);
  ::pthread_sigmask(SIG_BLOCK, &taken, &before_);
}

SignalsHeldBack::~SignalsHeldBack() { ::pthread_sigmask(SIG_SETMASK, &before_, nullptr); }

}  // namespace spillway::server
