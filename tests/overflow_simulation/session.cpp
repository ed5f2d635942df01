#include "tests/overflow_simulation/session.hpp"

#include "tests/simulation/stack.hpp"

#include <algorithm>
#include <memory>
#include <utility>

namespace spillway::overflow_simulation {

namespace errc = boost::system::errc;

Session::Session(Route& route, Random& random)
    : route_(route), author_(route.setting, random.fork()) {
  source_ = Connection::server(route_.scheduler, source_socket_.transport(), {}, *this);
  overflow::PipeOwner& owner = *this;
  pipe_.emplace(route_.lane, owner, overflow::Pipe::Ends{.source = source_, .sink = sink_});
  dial(random);
}

void Session::dial(Random& random) {
  Layers layers;
  if (random.permille(250)) {
    auto pair = simulation::tls_pair(simulation::Side::client, random);
    layers.push_back(std::make_unique<CountedLayer>(std::move(pair.near), layer_.emplace()));
    consumer_.speak(std::move(pair.far));
  }
  sink_ = Connection::connect(route_.scheduler, std::make_unique<simulation::SlowDial>(dial_),
                              std::move(layers), sink_events_);
}

void Session::source_writes(std::size_t messages) {
  for (std::size_t i = 0; i < messages; ++i) written_ += author_.message();
}

void Session::source_arrives(std::size_t size) {
  if (source_gone_) return;
  size = std::min(size, written_.size());
  source_socket_.receive(as_bytes(written_).first(size));
  written_.erase(0, size);
}

void Session::source_ends() {
  source_gone_ = true;
  source_socket_.end_input();
}

void Session::source_breaks() {
  source_gone_ = true;
  source_socket_.fail(errc::connection_reset);
}

void Session::sink_starts() {
  if (dial_.waits()) dial_.succeed(sink_socket_.transport());
}

void Session::sink_fails_to_start() {
  if (dial_.waits()) dial_.fail(FailureReason::refused);
}

void Session::sink_breaks() {
  consumer_.leave();
  if (sink_socket_.attached()) sink_socket_.fail(errc::connection_reset);
}

void Session::sink_writes_break(std::size_t more) {
  consumer_.leave();
  sink_socket_.break_writes(errc::broken_pipe, more);
}

void Session::sink_chatters() {
  if (consumer_.chatter()) model_.sink_blurred();
}

bool Session::consumer_reads(std::size_t size) {
  const bool took = consumer_.read(size);
  if (took) model_.sink_took();
  return took;
}

bool Session::poll(Interest look_at) {
  const bool source = source_socket_.poll(look_at);
  return sink_socket_.poll(look_at) || source;
}

void Session::settle_figures() {
  catch_up();
  pipe_->settle_figures();
  model_.settled(observe());
}

void Session::fail_for_memory() {
  if (is_over() || model_.is_over()) return;
  catch_up();
  model_.fails_for_memory();
  pipe_->fail(PipeFailure::memory);
  model_.sent(observe());
  follow_failure();
}

void Session::cut() {
  if (std::exchange(cut_, true)) return;
  count_accepted();
  source_.hard_close();
  sink_.hard_close();
  pipe_->abandon();
  if (!failed_) model_.abandoned();
}

void Session::let_go() {
  pipe_->settle_figures();  // as its end does, when it can no longer be asked
  model_.abandoned();
  last_figures_ = figures();
  pipe_.reset();
  last_figures_->counters.unsent_bytes += last_figures_->unsent();
}

void Session::disconnect() {
  source_ = Connection();
  sink_ = Connection();
}

void Session::turned() {
  catch_up();
  model_.turned();
}

void Session::check(bool at_rest) {
  catch_up();
  model_.check(observe(), at_rest && !cut_);
}

void Session::check_settled() {
  if (cut_ || consumer_.has_left()) return;
  simulation::Verdict& verdict = route_.verdict;
  const observe::FlowCounters counters = figures().counters;
  verdict.require(model_.held().bytes() == 0, "all is sent in the end");
  verdict.require(!model_.is_paused() && counters.pauses == counters.resumes,
                  "every pause is followed by its resume");
  verdict.require(model_.passed().all_delivered(), "all that was passed arrives");
  verdict.require(!source_gone_ || pipe_->is_finished(), "a pipe whose source ended is finished");
  verdict.require(!source_gone_ || sink_socket_.fin(), "behind the last byte there is the FIN");
}

observe::FlowFigures Session::figures() const {
  return last_figures_ ? *last_figures_ : pipe_->figures();
}

void Session::on_received(Bytes data) {
  catch_up();
  pipe_->on_received(data);
  model_.received(data, observe());
  follow_failure();
}

void Session::on_end_of_stream() {
  catch_up();
  pipe_->on_source_ended();
  model_.source_ended(observe());
}

void Session::SinkEvents::on_connected() {
  session.catch_up();
  session.pipe_->on_sink_started();
  session.model_.sink_started(session.observe());
}

void Session::SinkEvents::on_sent(SendToken) {
  session.catch_up();
  session.pipe_->on_sent();
  session.model_.sent(session.observe());
}

void Session::SinkEvents::on_unthrottled() {
  session.catch_up();
  session.pipe_->on_unthrottled();
  session.model_.unthrottled(session.observe());
}

void Session::SinkEvents::on_closed(const Closed&) { session.cut(); }

void Session::on_slow(const overflow::Pipe&) {
  route_.trace.note("  the sink is slow");
  model_.told_slow();
}

void Session::on_recovered(const overflow::Pipe& pipe, const overflow::SlowEpisode& episode) {
  route_.trace.note("  the sink has recovered");
  const observe::FlowCounters& counters = pipe.figures().counters;
  model_.told_recovered(episode, {counters.dropped_messages(), counters.dropped_bytes()});
}

void Session::on_failed(const overflow::Pipe&, PipeFailure failure) {
  route_.trace.note("  the pipe fails: ", overflow::to_string(failure));
  failed_ = true;
  model_.told_failed(failure);
  cut();
}

// What the pipe did by itself, in its timers.
void Session::catch_up() {
  follow_failure();
  if (!cut_) model_.catch_up(observe());
}

// Told from inside a call that the model has still to judge.
void Session::follow_failure() {
  if (failed_ && !model_.is_over()) model_.abandoned();
}

// Once the connection is lost, what it says of its bytes means nothing.
void Session::count_accepted() {
  sink_lost_ = sink_lost_ || sink_socket_.told_error() || sink_socket_.over();
  if (sink_lost_) return;
  accepted_ = layer_ ? layer_->sent : sink_socket_.bytes_written() + sink_.pending_bytes();
}

Observation Session::observe() {
  if (!cut_) count_accepted();
  return {.figures = figures(),
          .queued_bytes = queued_bytes(),
          .queued_messages = queued_messages(),
          .finished = pipe_ && pipe_->is_finished(),
          .source_muted = source_.is_muted(),
          .accepted = accepted_,
          .sink_open = sink_.is_open(),
          .sink_writeable = sink_.is_writeable(),
          .sink_pending = layer_ && layer_->said_goodbye ? 0 : sink_.pending_bytes(),
          .sink_lost = sink_lost_};
}

}  // namespace spillway::overflow_simulation
