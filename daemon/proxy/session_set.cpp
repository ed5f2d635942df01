#include "daemon/proxy/session_set.hpp"

#include "daemon/proxy/echo_session.hpp"
#include "daemon/proxy/proxy_session.hpp"

#include <utility>

namespace spillway::proxy {

void SessionSet::open(Session::Arrival arrival) {
  SessionOwner& owner = *this;
  std::unique_ptr<Session> session;
  if (arrival.route->config.echo) {
    session = std::make_unique<EchoSession>(context_, std::move(arrival), owner);
  } else {
    session = std::make_unique<ProxySession>(context_, std::move(arrival), owner);
  }
  const Session* key = session.get();
  sessions_.emplace(key, std::move(session));
}

std::size_t SessionSet::stop_all(std::string_view reason) {
  for (const auto& entry : sessions_) entry.second->stop(reason);
  return sessions_.size();
}

void SessionSet::when_empty(std::function<void()> call) {
  if (sessions_.empty()) return call();
  when_empty_ = std::move(call);
}

void SessionSet::settle_figures() {
  for (const auto& entry : sessions_) entry.second->settle_figures();
}

std::size_t SessionSet::most_queued() const {
  Session* session = largest();
  return session == nullptr ? 0 : session->queued_bytes();
}

void SessionSet::stop_largest(const MemoryPressure& pressure) {
  if (Session* session = largest()) session->stop_for_memory(pressure);
}

Session* SessionSet::largest() const {
  Session* largest = nullptr;
  std::size_t most = 0;
  for (const auto& entry : sessions_) {
    const std::size_t queued = entry.second->queued_bytes();
    if (queued <= most) continue;
    largest = entry.second.get();
    most = queued;
  }
  return largest;
}

void SessionSet::on_session_ended(Session& session) {
  auto node = sessions_.extract(&session);
  context_.scheduler.retire(std::move(node.mapped()));
  if (!sessions_.empty() || !when_empty_) return;
  std::exchange(when_empty_, nullptr)();
}

}  // namespace spillway::proxy
