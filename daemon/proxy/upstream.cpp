#include "daemon/proxy/upstream.hpp"

#include <utility>

namespace spillway::proxy {

Upstream::Upstream(Scheduler& scheduler, const DialServer& dial_server, const config::Route& route,
                   OnSkipped on_skipped)
    : scheduler_(scheduler),
      dial_server_(dial_server),
      route_(route),
      servers_(route.upstream->servers),
      on_skipped_(std::move(on_skipped)) {}

Upstream::~Upstream() {
  // The attempt may be what destroys us, in its own call.
  if (attempt_) scheduler_.retire(std::move(attempt_));
}

void Upstream::start(DialObserver& observer) {
  observer_ = &observer;
  try_next();
}

void Upstream::on_dialled(std::unique_ptr<Transport> transport) {
  observer_->on_dialled(std::move(transport));
}

void Upstream::on_dial_failed(Failure failure) {
  if (!failures_.empty()) failures_ += "; ";
  failures_ += failure.detail.empty() ? to_string(failure.reason) : failure.detail;
  if (tried_ < servers_.size()) {
    on_skipped_(servers_[tried_ - 1], failure);
    return try_next();
  }
  failure.detail = std::move(failures_);
  observer_->on_dial_failed(std::move(failure));
}

void Upstream::try_next() {
  if (attempt_) scheduler_.retire(std::move(attempt_));
  attempt_ = dial_server_(servers_[tried_], route_);
  ++tried_;
  attempt_->start(*this);
}

}  // namespace spillway::proxy
