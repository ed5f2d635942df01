#include "daemon/server/server.hpp"

#include "daemon/server/usable_cpus.hpp"

#include <spillway/listener.hpp>

#include <boost/asio/post.hpp>
#include <boost/system/error_code.hpp>

#include <stdexcept>
#include <utility>
#include <variant>

namespace spillway::server {

using config::LogLevel;
using observe::Event;

namespace {

StartError start_error(const config::Route& route, const std::string& words) {
  return {"route \"" + route.name + "\": " + words};
}

}  // namespace

boost::system::result<std::unique_ptr<Server>, StartError> Server::create(
    config::Config config, config::TlsContexts& contexts, observe::Log& log) {
  std::unique_ptr<Server> server(new Server(std::move(config), log));
  if (auto opened = server->open_routes(contexts); !opened) return opened.error();
  return server;
}

Server::Server(config::Config config, observe::Log& log)
    : config_(std::move(config)),
      log_(log),
      drain_timer_(control_),
      clients_(config_.limits.connections),
      memory_(control_, config_.limits.memory, workers_),
      metrics_(control_, log_, workers_) {
  const unsigned count = config_.threads > 0 ? config_.threads : usable_cpus();
  for (unsigned index = 0; index < count; ++index) {
    const Worker::Place place{index, count};
    workers_.push_back(std::make_unique<Worker>(
        place, Worker::Surroundings{log_, *resolver_, memory_.limit(), clients_}));
  }
}

// Before the resolver goes, which their sessions use.
Server::~Server() {
  for (const auto& worker : workers_) worker->join();
}

int Server::run() {
  {
    // Only for as long as somebody acts on them: before and after, when a name look-up or a stuck
    // log may keep the process, a signal ends it. And before the loops' threads start, so that
    // they take none.
    const Signals signals(control_, [this](Signal signal) { on_signal(signal); });
    for (const auto& worker : workers_) worker->start();
    for (const Event& event : listening_) log_.write(event);
    metrics_.start(config_.metrics.log_interval);
    control_.run();
  }
  std::size_t forced = 0;
  for (const auto& worker : workers_) {
    worker->join();
    forced += worker->forced();
  }
  metrics_.finish();
  log_.write(Event(LogLevel::info, "stopped").with("forced", forced));
  return forced == 0 ? 0 : 1;
}

Server::Done Server::open_routes(config::TlsContexts& contexts) {
  for (const config::Route& configured : config_.routes) {
    auto route = proxy::make_route(configured, contexts);
    if (!route) return start_error(configured, route.error().front().message);
    for (const Endpoint& endpoint : configured.listen) {
      if (auto listening = listen(*route, endpoint); !listening) return listening;
    }
  }
  return {};
}

Server::Done Server::listen(const std::shared_ptr<const proxy::Route>& route,
                            const Endpoint& endpoint) {
  if (const auto* address = std::get_if<HostPort>(&endpoint)) {
    return listen_on_every_loop(route, *address);
  }
  // A unix socket has one queue: one loop serves it, the next one the next path.
  Worker& worker = *workers_[unix_listeners_++ % workers_.size()];
  const auto acceptor = worker.listen(route, endpoint);
  if (!acceptor) return start_error(route->config, acceptor.error().message);
  note_listening(route->config, **acceptor);
  return {};
}

Server::Done Server::listen_on_every_loop(const std::shared_ptr<const proxy::Route>& route,
                                          HostPort address) {
  // Loops share their addresses (SO_REUSEPORT), and would share them with a second daemon of the
  // same user too, without a word.
  if (address.port != 0 && workers_.size() > 1) {
    const auto free = Listener::check_free(address);
    if (!free) return start_error(route->config, free.error().message);
  }
  for (const auto& worker : workers_) {
    const auto acceptor = worker->listen(route, address);
    if (!acceptor) return start_error(route->config, acceptor.error().message);
    // Port 0: the one that the first loop got is everybody's.
    address.port = (*acceptor)->port();
    if (worker == workers_.front()) note_listening(route->config, **acceptor);
  }
  return {};
}

void Server::note_listening(const config::Route& route, const Acceptor& acceptor) {
  listening_.push_back(Event(LogLevel::info, "listening")
                           .with("route", route.name)
                           .with("listen", acceptor.address())
                           .with("tls", route.tls.has_value()));
}

void Server::on_signal(Signal signal) {
  switch (signal) {
    case Signal::stop:
      if (state_ == State::serving) return drain();
      return force("stopped");
    case Signal::reload:
      log_.write(Event(LogLevel::warning, "reload_ignored")
                     .with("reason", "this version reads its configuration at start-up only"));
      return;
    case Signal::reopen_logs:
      return reopen_logs();
    case Signal::log_connections:
      log_.write(Event(LogLevel::warning, "log_connections_ignored")
                     .with("reason", "this version logs connections when they end"));
      return;
  }
}

// The line is the new file's first, or tells of the old one why it goes on.
void Server::reopen_logs() {
  if (const auto done = log_.reopen(); !done) {
    log_.write(Event(LogLevel::error, "log_reopen_failed").with("reason", done.error().message));
  } else {
    log_.write(Event(LogLevel::info, "log_reopened"));
  }
}

void Server::drain() {
  state_ = State::draining;
  const auto timeout = config_.shutdown.drain_timeout;
  log_.write(Event(LogLevel::info, "draining").with("drain_timeout_ms", timeout.count()));
  workers_draining_ = workers_.size();
  for (const auto& worker : workers_) {
    worker->drain([this] { boost::asio::post(control_, [this] { on_worker_drained(); }); });
  }
  drain_timer_.expires_after(timeout);
  drain_timer_.async_wait([this](const boost::system::error_code& error) {
    if (!error) force("drain_timeout");
  });
}

void Server::force(std::string_view reason) {
  if (state_ != State::draining) return;
  state_ = State::forcing;
  for (const auto& worker : workers_) worker->force(reason);
}

// The control is stopped rather than left to run out of work: a signal that came just now would be
// new work.
void Server::on_worker_drained() {
  if (--workers_draining_ == 0) control_.stop();
}

void throw_exception_from_error(const StartError& error, const boost::source_location&) {
  throw std::runtime_error(error.message);
}

}  // namespace spillway::server
