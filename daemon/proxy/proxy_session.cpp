#include "daemon/proxy/proxy_session.hpp"

#include <boost/system/errc.hpp>

#include <utility>

namespace spillway::proxy {

namespace {

namespace errc = boost::system::errc;
using observe::Direction;

// Whose fault it is that no server was reached.
Ender ender_of(const Failure& failure) {
  if (failure.reason == FailureReason::connect_timeout) return Ender::timeout;
  const bool out_of_resources = failure.error == errc::too_many_files_open ||
                                failure.error == errc::too_many_files_open_in_system ||
                                failure.error == errc::not_enough_memory ||
                                failure.error == errc::no_buffer_space;
  return out_of_resources ? Ender::proxy : Ender::upstream;
}

}  // namespace

ProxySession::ProxySession(const SessionContext& context, Arrival arrival, SessionOwner& owner)
    : Session(context, std::move(arrival), owner),
      upstream_events_(*this),
      to_upstream_(pipe_surroundings(Direction::to_upstream),
                   {.source = client(), .sink = upstream_}, config().to_upstream),
      to_client_(pipe_surroundings(Direction::to_client), {.source = upstream_, .sink = client()},
                 config().to_client) {}

void ProxySession::begin() {
  enter(Phase::connect);
  upstream_state_ = UpstreamState::connecting;
  dialled_ = context().scheduler.now();
  auto dial = std::make_unique<Upstream>(context().scheduler, context().dial_server, config(),
                                         [this](const Endpoint& server, const Failure& failure) {
                                           note_failed_server(server, failure);
                                         });
  upstream_ = Connection::connect(context().scheduler, std::move(dial), {}, upstream_events_,
                                  connection_options());
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
  context().log.write(observe::Event(config::LogLevel::warning, "upstream_skipped")
                          .with("conn", id())
                          .with("route", config().name)
                          .with("server", to_string(server))
                          .with("reason", to_string(failure.reason))
                          .with("detail", failure.detail));
}

void ProxySession::note_failed_connect(const Failure& failure) {
  const std::string_view reason = to_string(failure.reason);
  context().log.write(observe::Event(config::LogLevel::warning, "upstream_failed")
                          .with("conn", id())
                          .with("route", config().name)
                          .with("reason", reason)
                          .with("detail", failure.detail));
}

void ProxySession::UpstreamEvents::on_connected() {
  ProxySession& session = session_;
  session.upstream_state_ = UpstreamState::open;
  session.connect_ = session.context().scheduler.now() - session.dialled_;
  session.enter_data();
  session.to_upstream_.on_sink_started();
  session.settle();
}

void ProxySession::UpstreamEvents::on_connection_failure(const Failure& failure) {
  session_.upstream_state_ = UpstreamState::gone;
  if (!session_.has_ended()) session_.note_failed_connect(failure);
  session_.cut(ender_of(failure), to_string(failure.reason));
  session_.finish_when_alone();
}

void ProxySession::UpstreamEvents::on_received(Bytes data) {
  session_.to_client_.on_received(data);
}

void ProxySession::UpstreamEvents::on_sent(SendToken) {
  session_.to_upstream_.on_sent();
  session_.settle();
}

void ProxySession::UpstreamEvents::on_unthrottled() { session_.to_upstream_.on_unthrottled(); }

void ProxySession::UpstreamEvents::on_end_of_stream() {
  session_.note_half_close(Ender::upstream);
  session_.to_client_.on_source_ended();
  session_.settle();
}

void ProxySession::UpstreamEvents::on_closed(const Closed& closed) {
  session_.upstream_state_ = UpstreamState::gone;
  session_.note_loss("upstream", closed);
  session_.cut(Ender::upstream, to_string(closed.reason));
  session_.finish_when_alone();
}

}  // namespace spillway::proxy
