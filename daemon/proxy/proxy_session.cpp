#include "daemon/proxy/proxy_session.hpp"

#include "daemon/config/units.hpp"

#include <boost/system/errc.hpp>

#include <utility>

namespace spillway::proxy {

namespace {

namespace errc = boost::system::errc;

// Whose fault it is that no server was reached.
Ender ender_of(const Failure& failure) {
  if (failure.reason == FailureReason::connect_timeout ||
      failure.reason == FailureReason::handshake_timeout) {
    return Ender::timeout;
  }
  const bool out_of_resources = failure.error == errc::too_many_files_open ||
                                failure.error == errc::too_many_files_open_in_system ||
                                failure.error == errc::not_enough_memory ||
                                failure.error == errc::no_buffer_space ||
                                failure.error == errc::address_not_available;  // no port is left
  return out_of_resources ? Ender::proxy : Ender::upstream;
}

}  // namespace

ProxySession::ProxySession(Arrival arrival)
    : Session(std::move(arrival)),
      to_upstream_(entrance().to_upstream, *this, {.source = client(), .sink = upstream_}),
      to_client_(entrance().to_client, *this, {.source = upstream_, .sink = client()}) {}

void ProxySession::begin() {
  enter(Phase::connect);
  upstream_state_ = UpstreamState::connecting;
  if (!keeps_early_bytes()) client().mute();
  upstream_ = dial();
}

// The other policies would drop what comes before the upstream is there, or close the session,
// when nobody has been slow yet.
bool ProxySession::keeps_early_bytes() const {
  return config().to_upstream.policy == config::OverflowPolicy::pause;
}

Connection ProxySession::dial() {
  Layers layers;
  ConnectionOptions options = connection_options();
  if (const auto& tls = route().upstream_tls) {
    layers.push_back(make_tls_client_layer(tls->context, tls->server_name).value());
    options.handshake_timeout = config().upstream->tls->handshake_timeout;
  }
  auto attempt = std::make_unique<Upstream>(context().scheduler, context().dial_server, config(),
                                            [this](const Endpoint& server, const Failure& failure) {
                                              note_failed_server(server, failure);
                                            });
  return Connection::connect(context().scheduler, std::move(attempt), std::move(layers),
                             static_cast<UpstreamEvents&>(*this), options);
}

bool ProxySession::rest_is_gone() const {
  return upstream_state_ == UpstreamState::idle || upstream_state_ == UpstreamState::gone;
}

void ProxySession::describe(observe::ConnectionRecord& record) const {
  record.upstream = upstream_.peer_address();
  record.connect = connect_;
  record.up = to_upstream_.figures();
  record.down = to_client_.figures();
}

// The next one is tried; that this one is down should not stay a secret for that.
void ProxySession::note_failed_server(const Endpoint& server, const Failure& failure) {
  metrics().connect_failures.count(failure.reason);
  context().log.write(observe::Event(config::LogLevel::warning, "upstream_skipped")
                          .with("conn", id())
                          .with("route", config().name)
                          .with("server", to_string(server))
                          .with("reason", to_string(failure.reason))
                          .with("detail", failure.detail));
}

// Where none was reached the detail speaks of all servers; otherwise it is one that did not get
// through the handshake.
void ProxySession::note_failed_connect(const Failure& failure) {
  metrics().connect_failures.count(failure.reason);
  observe::Event event(config::LogLevel::warning, "upstream_failed");
  event.with("conn", id()).with("route", config().name);
  if (const std::string server = upstream_.peer_address(); !server.empty()) {
    event.with("server", server);
  }
  event.with("reason", to_string(failure.reason)).with("detail", words_for(failure));
  context().log.write(event);
}

std::string ProxySession::words_for(const Failure& failure) const {
  if (!failure.detail.empty()) return failure.detail;
  if (failure.error) return failure.error.message();
  if (failure.reason != FailureReason::handshake_timeout) return {};
  return "the TLS handshake took longer than " +
         config::to_string(config().upstream->tls->handshake_timeout);
}

ProxySession& UpstreamEvents::self() { return static_cast<ProxySession&>(*this); }

void UpstreamEvents::on_connected() {
  ProxySession& session = self();
  session.upstream_state_ = ProxySession::UpstreamState::open;
  session.connect_ = session.context().scheduler.now() - session.started();
  session.enter_data();
  session.to_upstream_.on_sink_started();
  if (!session.keeps_early_bytes()) session.client().unmute();
  session.settle();
}

void UpstreamEvents::on_connection_failure(const Failure& failure) {
  self().upstream_state_ = ProxySession::UpstreamState::gone;
  if (!self().has_ended()) self().note_failed_connect(failure);
  self().cut(ender_of(failure), to_string(failure.reason));
  self().finish_when_alone();
}

void UpstreamEvents::on_received(Bytes data) { self().to_client_.on_received(data); }

void UpstreamEvents::on_sent(SendToken) {
  self().to_upstream_.on_sent();
  self().settle();
}

void UpstreamEvents::on_unthrottled() {
  self().to_upstream_.on_unthrottled();
  self().settle();
}

void UpstreamEvents::on_end_of_stream() {
  self().note_half_close(Ender::upstream);
  self().to_client_.on_source_ended();
  self().settle();
}

void UpstreamEvents::on_closed(const Closed& closed) {
  self().upstream_state_ = ProxySession::UpstreamState::gone;
  self().end_with(Ender::upstream, closed);
}

}  // namespace spillway::proxy
