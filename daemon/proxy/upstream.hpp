// The servers of a route, as one connection attempt.
#pragma once

#include "daemon/config/config.hpp"

#include <spillway/dial.hpp>
#include <spillway/endpoint.hpp>
#include <spillway/scheduler.hpp>

#include <cstddef>
#include <functional>
#include <memory>
#include <string>
#include <vector>

namespace spillway::proxy {

/// Makes an attempt to connect to one of a route's servers.
using DialServer =
    std::function<std::unique_ptr<Dial>(const Endpoint& server, const config::Route& route)>;

/// Tries the servers in order until one connects. If none does, the failure is the last one's, and
/// its detail speaks of all.
class Upstream final : public Dial, private DialObserver {
 public:
  /// Hears of a server that was passed over for the next one.
  using OnSkipped = std::function<void(const Endpoint& server, const Failure& failure)>;

  /// REQUIRES: the route has an upstream. All references outlive the attempt.
  Upstream(Scheduler& scheduler, const DialServer& dial_server, const config::Route& route,
           OnSkipped on_skipped);
  ~Upstream() override;

  void start(DialObserver& observer) override;

 private:
  void on_dialled(std::unique_ptr<Transport> transport) override;
  void on_dial_failed(Failure failure) override;
  void try_next();

  Scheduler& scheduler_;
  const DialServer& dial_server_;
  const config::Route& route_;
  const std::vector<Endpoint>& servers_;
  OnSkipped on_skipped_;
  std::size_t tried_ = 0;
  DialObserver* observer_ = nullptr;
  std::unique_ptr<Dial> attempt_;
  std::string failures_;
};

}  // namespace spillway::proxy
