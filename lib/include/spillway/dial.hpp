// A connection attempt: what stands between a client connection and its transport.
#pragma once

#include <spillway/close_reason.hpp>
#include <spillway/scheduler.hpp>
#include <spillway/transport.hpp>

#include <memory>

namespace spillway {

/// Hears how an attempt ended: exactly one of the two, once, from the loop and never from inside
/// `Dial::start`.
class DialObserver {
 public:
  virtual void on_dialled(std::unique_ptr<Transport> transport) = 0;
  virtual void on_dial_failed(Failure failure) = 0;

 protected:
  ~DialObserver() = default;
};

/// One attempt to get a connected transport. Destroying it cancels it: the observer hears nothing
/// more. It is let go through `Scheduler::retire`, so never from inside its own calls.
/// `make_connector` makes the one that goes to the network.
class Dial : public Retired {
 public:
  /// Called once. The observer outlives the attempt.
  virtual void start(DialObserver& observer) = 0;
};

}  // namespace spillway
