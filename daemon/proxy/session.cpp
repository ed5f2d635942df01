#include "daemon/proxy/session.hpp"

#include <algorithm>
#include <utility>

namespace spillway::proxy {

using config::LogLevel;
using observe::Event;

Session::Session(Arrival arrival)
    : id_(arrival.id),
      entrance_(std::move(arrival.entrance)),
      process_place_(std::move(arrival.process_place)),
      route_place_(std::move(arrival.route_place)),
      opened_(context().scheduler.now()),
      timer_(context().scheduler, [this] { check_deadline(); }),
      client_(accept(std::move(arrival.transport))) {
  ++metrics().sessions;
  ++metrics().sessions_opened;
}

Session::~Session() { --metrics().sessions; }

bool Session::stop(std::string_view reason, Ender by) {
  // In peace, a goodbye may be still to come, and bytes before it may wait in the system.
  const bool was_cut = has_ended() && !ending_->end->is_clean();
  if (!was_cut) ending().end = cut_short(by, phase_, reason);
  abort();
  return !was_cut;
}

void Session::log() const {
  context().log.write(observe::live_connection(config::LogLevel::info, record()));
}

void Session::settle_figures() {
  from_client().settle_figures();
  to_client().settle_figures();
}

std::size_t Session::queued_bytes() {
  const std::size_t up = &from_client() == &to_client() ? 0 : from_client().queued_bytes();
  return up + to_client().queued_bytes();
}

void Session::stop_for_memory(const MemoryPressure& pressure) {
  if (has_ended()) return;
  context().log.write(observe::memory_limit({.session = id_,
                                             .route = config().name,
                                             .held_bytes = queued_bytes(),
                                             .queued_bytes = pressure.total,
                                             .limit = pressure.limit}));
  const bool up = from_client().queued_bytes() > to_client().queued_bytes();
  (up ? from_client() : to_client()).fail(overflow::PipeFailure::memory);
  // Also where the sink is lost already, of which its connection has yet to tell.
  cut(Ender::overflow, to_string(overflow::PipeFailure::memory));
}

// A pipe lets its source read more once its sink's peer has acknowledged much (Pipe::pace_source).
// By the time of close() every byte is handed over, but the goodbye may wait behind a slow peer: it
// gets the time that a half-closed session gets.
ConnectionOptions Session::connection_options() const {
  ConnectionOptions options;
  options.read_limit = overflow::Stride::cautious;
  const auto& timeouts = config().timeouts;
  if (timeouts.half_close.count() > 0) options.linger_timeout = timeouts.half_close;
  return options;
}

void Session::enter_data() {
  enter(Phase::data);
  note_progress(context().scheduler.now());
  arm_timer();
}

void Session::note_half_close(Ender by) {
  if (half_close() != nullptr) return;
  ending().half_close = HalfClose{by, context().scheduler.now()};
  if (phase_ == Phase::data) arm_timer();
}

void Session::settle() {
  if (has_ended() || !from_client().is_finished() || !to_client().is_finished()) return;
  ending().end = clean_end(half_close()->by);
  timer_.cancel();
  client_.close();
  close_rest();
}

void Session::cut(Ender by, std::string_view reason) {
  if (has_ended()) return;
  ending().end = cut_short(by, phase_, reason);
  abort();
}

void Session::finish_when_alone() {
  if (client_state_ != Client::gone || !rest_is_gone()) return;
  timer_.cancel();
  if (context().log.wants(LogLevel::info)) {
    context().log.write(observe::connection_closed(LogLevel::info, record()));
  }
  entrance_->owner.on_session_ended(*this);
}

void Session::on_started() {
  client_state_ = Client::open;
  handshake_ = context().scheduler.now() - opened_;
  count_handshake();
  to_client().on_sink_started();
  begin();
}

void Session::on_start_failure(const Failure& failure) {
  client_state_ = Client::gone;
  if (!has_ended()) note_failed_handshake(failure);
  const bool too_slow = failure.reason == FailureReason::handshake_timeout;
  cut(too_slow ? Ender::timeout : Ender::client, to_string(failure.reason));
  finish_when_alone();
}

void Session::on_received(Bytes data) { from_client().on_received(data); }

void Session::on_sent(SendToken) {
  to_client().on_sent();
  settle();
}

// What waited may have grown too old: then the pipe is finished without a send.
void Session::on_unthrottled() {
  to_client().on_unthrottled();
  settle();
}

void Session::on_end_of_stream() {
  note_half_close(Ender::client);
  from_client().on_source_ended();
  settle();
}

void Session::on_closed(const Closed& closed) {
  client_state_ = Client::gone;
  end_with(Ender::client, closed);
}

void Session::on_slow(const overflow::Pipe& pipe) {
  context().log.write(observe::slow_consumer(backlog_of(pipe)));
}

void Session::on_recovered(const overflow::Pipe& pipe, const overflow::SlowEpisode& episode) {
  context().log.write(observe::slow_consumer_recovered({.consumer = consumer_of(pipe),
                                                        .duration = episode.duration,
                                                        .queue_peak = episode.queue_peak,
                                                        .dropped = episode.dropped}));
}

void Session::on_failed(const overflow::Pipe& pipe, overflow::PipeFailure failure) {
  const std::string_view reason = to_string(failure);
  if (has_ended()) return;
  if (failure == overflow::PipeFailure::message_too_big ||
      failure == overflow::PipeFailure::bad_length) {
    note_bad_message(pipe, failure);
    return cut(Ender::proxy, reason);
  }
  if (failure != overflow::PipeFailure::memory) {
    context().log.write(observe::slow_consumer_closed(backlog_of(pipe), reason));
  }
  cut(Ender::overflow, reason);
}

observe::Consumer Session::consumer_of(const overflow::Pipe& pipe) const {
  return {.session = id_,
          .route = config().name,
          .direction = pipe.direction(),
          .peer = pipe.sink().peer_address()};
}

observe::SlowConsumer Session::backlog_of(const overflow::Pipe& pipe) const {
  return {.consumer = consumer_of(pipe),
          .throttled = pipe.throttled_for(),
          .queued_bytes = pipe.queued_bytes(),
          .queued_messages = pipe.queued_messages(),
          .pending_bytes = pipe.sink().pending_bytes()};
}

// What is wrong is the source's doing.
void Session::note_bad_message(const overflow::Pipe& pipe, overflow::PipeFailure failure) {
  const bool from_upstream = config().upstream && pipe.direction() == observe::Direction::to_client;
  const std::string detail = failure == overflow::PipeFailure::message_too_big
                                 ? "a message is larger than max_message (" +
                                       std::to_string(config().max_message) + " bytes)"
                                 : "a length that includes its own bytes is smaller than they are";
  context().log.write(Event(LogLevel::warning, "connection_failed")
                          .with("conn", id_)
                          .with("route", config().name)
                          .with("side", from_upstream ? "upstream" : "client")
                          .with("reason", to_string(failure))
                          .with("detail", detail));
}

Connection Session::accept(std::unique_ptr<Transport> transport) {
  Layers layers;
  ConnectionOptions options = connection_options();
  if (route().tls) {
    options.handshake_timeout = config().tls->handshake_timeout;
    auto layer = make_tls_server_layer(*route().tls);
    tls_ = layer.get();
    layers.push_back(std::move(layer));
  }
  return Connection::server(context().scheduler, std::move(transport), std::move(layers), *this,
                            options);
}

void Session::end_with(Ender side, const Closed& closed) {
  note_loss(to_string(side), closed);
  if (closed.reason == CloseReason::linger_timeout) {
    // The end was in peace, but for a goodbye that its peer never took.
    ending().end = cut_short(Ender::timeout, phase_, "half_close");
  } else {
    cut(side, to_string(closed.reason));
  }
  finish_when_alone();
}

// The connection's line says that it was lost; these are the words for why.
void Session::note_loss(std::string_view side, const Closed& closed) {
  if (has_ended()) return;
  const std::string words = closed.detail.empty() && closed.reason == CloseReason::io_error
                                ? closed.error.message()
                                : closed.detail;
  if (words.empty()) return;
  context().log.write(Event(LogLevel::info, "connection_failed")
                          .with("conn", id_)
                          .with("route", config().name)
                          .with("side", side)
                          .with("reason", to_string(closed.reason))
                          .with("detail", words));
}

Activity Session::activity() {
  Activity activity;
  activity.opened = opened_;
  activity.last_progress =
      std::max(from_client().look_for_progress(), to_client().look_for_progress());
  if (half_close() != nullptr) activity.half_closed = half_close()->at;
  return activity;
}

void Session::arm_timer() {
  if (const auto deadline = next_deadline(config().timeouts, activity())) {
    timer_.expires_at(deadline->at);
  }
}

// Progress does not touch the timer: it finds out here how much time is left.
void Session::check_deadline() {
  const auto deadline = next_deadline(config().timeouts, activity());
  if (!deadline) return;
  if (deadline->at > context().scheduler.now()) return timer_.expires_at(deadline->at);
  cut(Ender::timeout, deadline->name);
}

void Session::abort() {
  timer_.cancel();
  client_.hard_close();
  abort_rest();
  // What waits is lost: its memory is free for the others at once.
  from_client().abandon();
  to_client().abandon();
}

Session::Ending& Session::ending() {
  if (!ending_) ending_ = std::make_unique<Ending>();
  return *ending_;
}

const Session::HalfClose* Session::half_close() const {
  return ending_ && ending_->half_close ? &*ending_->half_close : nullptr;
}

observe::ConnectionRecord Session::record() const {
  observe::ConnectionRecord record;
  record.id = id_;
  record.route = config().name;
  record.listen = entrance_->listen;
  record.client = client_.peer_address();
  record.local = client_.local_address();
  if (tls_ != nullptr) record.tls = tls_->session();
  record.handshake = handshake_;
  record.duration = context().scheduler.now() - opened_;
  record.send = {.p50_us = send_latency().quantile_us(0.50),
                 .p99_us = send_latency().quantile_us(0.99),
                 .max_us = send_latency().max_us()};
  if (has_ended()) {
    const End& end = *ending_->end;
    record.end_by = to_string(end.by);
    record.end_reason = end.reason;
    record.end_code = end.code;
  }
  describe(record);
  return record;
}

}  // namespace spillway::proxy
