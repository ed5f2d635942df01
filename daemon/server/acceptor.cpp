#include "daemon/server/acceptor.hpp"

#include "daemon/proxy/socket_options.hpp"

#include <chrono>
#include <utility>

namespace spillway::server {

namespace {

constexpr std::chrono::seconds between_looks{1};

}  // namespace

boost::system::result<std::unique_ptr<Acceptor>, ListenError> Acceptor::open(
    Surroundings surroundings, std::shared_ptr<const proxy::Route> route,
    std::shared_ptr<observe::RouteMetrics> metrics, ListeningSocket socket) {
  std::unique_ptr<Acceptor> acceptor(new Acceptor(surroundings, std::move(route)));
  ListenerOptions options;
  options.max_descriptors = surroundings.max_descriptors;
  options.socket = proxy::socket_options(acceptor->route_->config);
  acceptor->shares_queue_ = socket.is_shared();
  auto listener = Listener::listen(surroundings.loop, std::move(socket), *acceptor, options);
  if (!listener) return listener.error();
  acceptor->listener_ = *std::move(listener);
  acceptor->entrance_ = surroundings.sessions.make_entrance(acceptor->route_, std::move(metrics),
                                                            acceptor->listener_->local_address());
  return acceptor;
}

// Sessions keep the entrance that they came in by.
void Acceptor::reroute(std::shared_ptr<const proxy::Route> route,
                       std::shared_ptr<observe::RouteMetrics> metrics) {
  if (refused_ > 0 && route->clients != route_->clients) note_room();
  route_ = std::move(route);
  entrance_ = surroundings_.sessions.make_entrance(route_, std::move(metrics), address());
  listener_->set_socket_options(proxy::socket_options(route_->config));
}

void Acceptor::close() {
  if (refused_ > 0) note_room();
  if (!shares_queue_) listener_->accept_waiting();
  listener_->close();
  look_for_room_.cancel();
}

void Acceptor::on_accepted(std::unique_ptr<Transport> transport) {
  proxy::Session::Arrival arrival{.id = surroundings_.ids.take(),
                                  .entrance = entrance_,
                                  .transport = std::move(transport),
                                  .process_place = {},
                                  .route_place = {}};
  if (admit(arrival)) surroundings_.sessions.open(std::move(arrival));
}

bool Acceptor::admit(proxy::Session::Arrival& arrival) {
  auto process_place = surroundings_.clients.take();
  if (!process_place) {
    ++entrance_->metrics.refused.by_process;
    note_refused("process", surroundings_.clients.most());
    return false;
  }
  auto route_place = route_->clients->take();
  if (!route_place) {
    ++entrance_->metrics.refused.by_route;
    note_refused("route", route_->clients->most());
    return false;
  }
  arrival.process_place = *std::move(process_place);
  arrival.route_place = *std::move(route_place);
  if (refused_ > 0) note_room();
  return true;
}

// One line when it begins and one when it is over, however many try in between.
void Acceptor::note_refused(std::string_view scope, std::size_t limit) {
  if (++refused_ > 1) return;
  surroundings_.log.write(observe::Event(config::LogLevel::warning, "connection_limit")
                              .with("route", route_->config.name)
                              .with("listen", address())
                              .with("scope", scope)
                              .with("limit", limit));
  look_for_room_.expires_after(between_looks);
}

// Whoever leaves may have been on any loop, and nobody may come for a long time.
void Acceptor::look_for_room() {
  if (surroundings_.clients.has_room() && route_->clients->has_room()) return note_room();
  look_for_room_.expires_after(between_looks);
}

void Acceptor::note_room() {
  look_for_room_.cancel();
  const std::uint64_t refused = std::exchange(refused_, 0);
  surroundings_.log.write(observe::Event(config::LogLevel::info, "connection_limit_over")
                              .with("route", route_->config.name)
                              .with("listen", address())
                              .with("refused", refused));
}

void Acceptor::on_accept_error(const boost::system::error_code& error, Duration pause) {
  const auto pause_ms = std::chrono::duration_cast<std::chrono::milliseconds>(pause).count();
  surroundings_.log.write(observe::Event(config::LogLevel::warning, "accept_failed")
                              .with("route", route_->config.name)
                              .with("listen", address())
                              .with("reason", error.message())
                              .with("pause_ms", pause_ms));
}

}  // namespace spillway::server
