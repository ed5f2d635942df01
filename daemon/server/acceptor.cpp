#include "daemon/server/acceptor.hpp"

#include <chrono>
#include <utility>

namespace spillway::server {

boost::system::result<std::unique_ptr<Acceptor>, ListenError> Acceptor::open(
    Surroundings surroundings, std::shared_ptr<const proxy::Route> route, const Endpoint& endpoint,
    const ListenerOptions& options) {
  std::unique_ptr<Acceptor> acceptor(new Acceptor(surroundings, std::move(route)));
  auto listener = Listener::listen(surroundings.loop, endpoint, *acceptor, options);
  if (!listener) return listener.error();
  acceptor->listener_ = *std::move(listener);
  acceptor->address_ = acceptor->listener_->local_address();
  return acceptor;
}

void Acceptor::on_accepted(std::unique_ptr<Transport> transport) {
  surroundings_.sessions.open({.id = surroundings_.ids.take(),
                               .route = route_,
                               .listen = address_,
                               .transport = std::move(transport)});
}

void Acceptor::on_accept_error(const boost::system::error_code& error, Duration pause) {
  const auto pause_ms = std::chrono::duration_cast<std::chrono::milliseconds>(pause).count();
  surroundings_.log.write(observe::Event(config::LogLevel::warning, "accept_failed")
                              .with("route", route_->config.name)
                              .with("listen", address_)
                              .with("reason", error.message())
                              .with("pause_ms", pause_ms));
}

}  // namespace spillway::server
