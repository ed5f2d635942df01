// Which descriptors are ready: the seam between transports and the system's readiness.
#pragma once

#include "transport/descriptor.hpp"

#include <spillway/transport.hpp>

#include <boost/system/error_code.hpp>

#include <sys/epoll.h>

#include <array>
#include <cstddef>

namespace spillway {

/// Hears from the poller. May be removed and destroyed inside its own call.
class Pollable {
 public:
  virtual void on_poll(Readiness readiness) = 0;
  /// Its turn comes next: fetches into the processor's cache what `on_poll` will need first. Does
  /// nothing else.
  virtual void foresee() const {}

 protected:
  ~Pollable() = default;
};

/// Level-triggered readiness of many descriptors.
class Poller {
 public:
  Poller();
  Poller(const Poller&) = delete;
  Poller& operator=(const Poller&) = delete;

  /// Readable while `look()` would find something.
  [[nodiscard]] int descriptor() const { return epoll_.get(); }

  /// Fails only for want of the system's resources. Failures of the descriptor are reported
  /// whatever is wanted; with nothing wanted, each of them once.
  [[nodiscard]] boost::system::error_code add(const Descriptor& descriptor, Interest interest,
                                              Pollable& pollable);
  /// REQUIRES: added. What is true now is reported again.
  void change(const Descriptor& descriptor, Interest interest, Pollable& pollable);
  /// REQUIRES: added. From now on `to` hears of the descriptor, and `from` nothing more: for one
  /// call, as with `change()`.
  void hand_over(const Descriptor& descriptor, Interest interest, Pollable& from, Pollable& to);
  /// REQUIRES: added. The pollable hears nothing more, not even what was found already.
  void remove(const Descriptor& descriptor, Pollable& pollable);

  enum class Wait { no, yes };

  /// Looks once, perhaps waiting until something is ready. True if anything is. A signal ends the
  /// wait early. What was found before has to be told first (a call may have thrown): then it does
  /// not look.
  bool look(Wait wait = Wait::no);
  /// Tells one of those that are ready. False: all is told. Not to be called from inside `on_poll`.
  bool tell_next();

 private:
  static constexpr std::size_t batch_size = 256;

  void forget(const Pollable& pollable);
  void foresee() const;

  Descriptor epoll_;
  std::array<epoll_event, batch_size> batch_{};
  // What of the batch is still to be told: [next_, end_).
  std::size_t next_ = 0;
  std::size_t end_ = 0;
};

}  // namespace spillway
