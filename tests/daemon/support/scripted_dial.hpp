// A connection attempt whose end the test decides.
#pragma once

#include "tests/support/scripted_transport.hpp"

#include <spillway/dial.hpp>
#include <spillway/endpoint.hpp>

#include <memory>
#include <string>
#include <utility>
#include <vector>

namespace spillway::testing {

/// The test's end of the attempts to reach one or more servers.
class Servers {
 public:
  /// Makes the attempt that is under way succeed, on `wire`.
  void answer(Wire& wire) { running().on_dialled(std::make_unique<ScriptedTransport>(wire)); }
  void fail(FailureReason reason, std::string detail = {},
            const boost::system::error_code& error = {}) {
    running().on_dial_failed({.reason = reason, .error = error, .detail = std::move(detail)});
  }

  /// Every server that was tried, in order.
  std::vector<std::string> tried;
  /// Attempts that exist.
  int alive = 0;

 private:
  friend class ScriptedDial;

  DialObserver& running() { return *std::exchange(observer_, nullptr); }

  DialObserver* observer_ = nullptr;
};

class ScriptedDial final : public Dial {
 public:
  ScriptedDial(Servers& servers, const Endpoint& server) : servers_(servers) {
    servers_.tried.push_back(to_string(server));
    ++servers_.alive;
  }
  ~ScriptedDial() override { --servers_.alive; }
  void start(DialObserver& observer) override { servers_.observer_ = &observer; }

 private:
  Servers& servers_;
};

}  // namespace spillway::testing
