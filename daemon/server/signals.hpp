// The signals that people and service managers send.
#pragma once

#include <boost/asio/io_context.hpp>
#include <boost/asio/posix/stream_descriptor.hpp>

#include <signal.h>
#include <sys/signalfd.h>

#include <functional>

namespace spillway::server {

enum class Signal { stop, reload, reopen_logs, log_connections };

/// Takes TERM, INT, HUP, USR1 and USR2 from now until it is destroyed: none of them ends the
/// process by itself any more. Afterwards the process is on its way out, and what is left to do is
/// to write the last log lines: HUP, USR1 and USR2 are ignored, TERM and INT end it at once with
/// exit code 1, as a second one always does.
///
/// Blocks them in the calling thread, and thereby in the threads that it starts meanwhile, and
/// reads them as data. REQUIRES: threads from before block them too.
class Signals {
 public:
  /// `on_signal` is called on `control`. Throws if there is no descriptor left.
  Signals(boost::asio::io_context& control, std::function<void(Signal)> on_signal);
  /// On the thread that made it.
  ~Signals();
  Signals(const Signals&) = delete;
  Signals& operator=(const Signals&) = delete;

 private:
  /// Keeps the signals from the thread: what arrives waits.
  class Blocked {
   public:
    Blocked();
    ~Blocked();
    Blocked(const Blocked&) = delete;
    Blocked& operator=(const Blocked&) = delete;

   private:
    sigset_t before_;
  };

  void wait();

  Blocked blocked_;  // goes last: what nobody has read by then meets what it means from then on
  boost::asio::posix::stream_descriptor descriptor_;
  signalfd_siginfo arrived_{};
  std::function<void(Signal)> on_signal_;
};

}  // namespace spillway::server
