// The signals that people and service managers send.
#pragma once

#include <boost/asio/io_context.hpp>
#include <boost/asio/signal_set.hpp>

#include <signal.h>

#include <functional>

namespace spillway::server {

enum class Signal { stop, reload, reopen_logs, log_connections };

/// Takes TERM, INT, HUP, USR1 and USR2 from now until it is destroyed: none of them ends the
/// process by itself any more. Afterwards the process is on its way out, and what is left to do is
/// to write the last log lines: HUP, USR1 and USR2 are ignored, TERM and INT end it at once with
/// exit code 1, as a second one always does.
class Signals {
 public:
  /// `on_signal` is called on `control`.
  Signals(boost::asio::io_context& control, std::function<void(Signal)> on_signal);
  ~Signals();
  Signals(const Signals&) = delete;
  Signals& operator=(const Signals&) = delete;

 private:
  void wait();

  boost::asio::signal_set set_;
  std::function<void(Signal)> on_signal_;
};

/// Keeps those signals from the calling thread for as long as it exists, and for good from the
/// threads that it starts meanwhile: what arrives waits for a thread that takes it.
class SignalsHeldBack {
 public:
  SignalsHeldBack();
  ~SignalsHeldBack();
  SignalsHeldBack(const SignalsHeldBack&) = delete;
  SignalsHeldBack& operator=(const SignalsHeldBack&) = delete;

 private:
  sigset_t before_;
};

}  // namespace spillway::server
