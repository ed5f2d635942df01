// The acting part of connecting: sockets and timers, as the plan says.
#pragma once

#include "transport/attempt_plan.hpp"
#include "transport/connect_attempt.hpp"

#include <spillway/connector.hpp>
#include <spillway/dial.hpp>
#include <spillway/endpoint.hpp>
#include <spillway/event_loop.hpp>
#include <spillway/resolver.hpp>
#include <spillway/scheduler.hpp>

#include <memory>
#include <optional>
#include <variant>
#include <vector>

namespace spillway {

/// Looks the target up and lets its addresses race. Retired by its owner rather than destroyed,
/// because the observer may let go of the dial inside its call.
class ConnectRace final : public Retired, private ConnectAttempt::Owner {
 public:
  ConnectRace(EventLoop& loop, Resolver& resolver, Endpoint target, ConnectorOptions options);

  void start(DialObserver& observer);
  /// Stops everything; the observer hears nothing more.
  void cancel();

 private:
  void find_addresses();
  void begin();
  void perform(AttemptPlan::Action action);
  /// The error of an attempt that failed at once.
  boost::system::error_code start_attempt(AttemptPlan::Start start);
  void on_attempt_connected(std::size_t number,
                            std::unique_ptr<SocketTransport> transport) override;
  void on_attempt_failed(std::size_t number, const boost::system::error_code& error) override;
  void on_deadline();
  void fail(Failure failure);

  EventLoop& loop_;
  Resolver& resolver_;
  Endpoint target_;
  ConnectorOptions options_;
  DialObserver* observer_ = nullptr;  // none before the start and after the end
  std::unique_ptr<Resolver::Query> query_;
  ResolveResult found_;  // valid once begin_ is scheduled
  std::optional<AttemptPlan> plan_;
  std::vector<std::unique_ptr<ConnectAttempt>> attempts_;  // by number; empty ones have failed
  DeferredCall begin_;
  Timer attempt_delay_;
  Timer deadline_;
};

}  // namespace spillway
