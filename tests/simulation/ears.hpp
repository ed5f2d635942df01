// What stands between a simulated connection and its application.
#pragma once

#include "tests/simulation/fault.hpp"

#include <spillway/events.hpp>

#include <optional>

namespace spillway::simulation {

/// The events of both roles as one.
class Audience {
 public:
  virtual void start() = 0;
  virtual void failure(const Failure& failure) = 0;
  virtual void received(Bytes data) = 0;
  virtual void sent(SendToken token) = 0;
  virtual void throttled() = 0;
  virtual void unthrottled() = 0;
  virtual void end_of_stream() = 0;
  virtual void tls_started() = 0;
  virtual void closed(const Closed& closed) = 0;
  [[nodiscard]] virtual bool is_muted() const = 0;

 protected:
  ~Audience() = default;
};

/// Passes every event on, or wrongly if it has a fault. Short-lived: the application destroys it
/// when it lets go, also from inside an event, so that a sanitizer sees any later use.
class Ears final : public ServerEvents, public ClientEvents {
 public:
  Ears(Audience& audience, Fault fault) : audience_(audience), fault_(fault) {}

  void on_started() override { audience_.start(); }
  void on_connected() override { audience_.start(); }
  void on_start_failure(const Failure& failure) override { on_failure(failure); }
  void on_connection_failure(const Failure& failure) override { on_failure(failure); }

  void on_received(Bytes data) override {
    if (fault_ != Fault::swap_received || data.size() < 2) return audience_.received(data);
    fault_ = Fault::none;
    Audience& audience = audience_;
    audience.received(data.subspan(1));
    audience.received(data.first(1));
  }
  void on_sent(SendToken token) override {
    Audience& audience = audience_;
    const Fault fault = fault_;
    if (fault == Fault::skip_sent && token.id() == 3) return;
    audience.sent(token);
    if (fault == Fault::double_sent && token.id() == 3) audience.sent(token);
    if (fault == Fault::deliver_while_muted && audience.is_muted()) {
      audience.received(as_bytes("x"));
    }
  }
  void on_throttled() override {
    if (fault_ != Fault::skip_throttled) audience_.throttled();
  }
  void on_unthrottled() override {
    Audience& audience = audience_;
    const Fault fault = fault_;
    audience.unthrottled();
    if (fault == Fault::double_unthrottled) audience.unthrottled();
  }
  void on_end_of_stream() override {
    if (fault_ != Fault::skip_end) audience_.end_of_stream();
  }
  void on_tls_started() override { audience_.tls_started(); }
  void on_closed(const Closed& closed) override {
    if (fault_ == Fault::skip_closed) return;
    Audience& audience = audience_;
    const Fault fault = fault_;
    audience.closed(closed);
    if (fault == Fault::received_after_closed) audience.received(as_bytes("x"));
  }

 private:
  void on_failure(const Failure& failure) {
    if (fault_ != Fault::skip_closed) audience_.failure(failure);
  }

  Audience& audience_;
  Fault fault_;
};

}  // namespace spillway::simulation
