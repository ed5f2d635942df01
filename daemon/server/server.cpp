#include "daemon/server/server.hpp"

#include "daemon/config/admin_address.hpp"
#include "daemon/server/key_warnings.hpp"
#include "daemon/server/loop_list.hpp"
#include "daemon/server/service/notify_socket.hpp"
#include "daemon/server/usable_cpus.hpp"

#include <boost/asio/post.hpp>
#include <boost/system/error_code.hpp>

#include <unistd.h>

#include <algorithm>
#include <chrono>
#include <string>
#include <utility>

namespace spillway::server {

using config::LogLevel;
using observe::Event;

namespace {

// Once sessions are ended by force, each of them is a moment's work for its loop.
constexpr std::chrono::seconds patience_without_progress{5};
constexpr std::chrono::seconds patience_with_the_log{1};

unsigned loops_of(const config::Config& config) {
  return config.threads > 0 ? config.threads : usable_cpus();
}

}  // namespace

boost::system::result<std::unique_ptr<Server>, StartError> Server::create(
    config::Config config, config::TlsContexts contexts, observe::Log& log, Options options) {
  std::unique_ptr<Server> server(
      new Server(std::move(config), std::move(contexts), log, std::move(options)));
  if (auto opened = server->open_routes(); !opened) return opened.error();
  if (auto opened = server->open_admin(); !opened) return opened.error();
  for (Event& warning : key_warnings(server->config_)) {
    server->listening_.push_back(std::move(warning));
  }
  server->open_service();
  return server;
}

Server::Server(config::Config config, config::TlsContexts contexts, observe::Log& log,
               Options options)
    : config_(std::move(config)),
      contexts_(std::move(contexts)),
      log_(log),
      options_(std::move(options)),
      drain_timer_(control_),
      clients_(config_.limits.connections),
      memory_(control_, config_.limits.memory, workers_),
      metrics_(control_, log_, workers_),
      certificate_files_(control_, [this] { return refresh_certificates(); }),
      expiry_(control_, log_),
      listeners_(loops_of(config_), options_.passed) {
  const unsigned count = listeners_.loops();
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
    watch_certificates();
    if (admin_) admin_->start();
    if (service_) service_->start();
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

Server::Done Server::open_routes() {
  auto routes = make_routes(config_, contexts_);
  if (!routes) return routes.error();
  auto plan = listeners_.plan(*routes);
  if (!plan) return plan.error();
  for (std::size_t loop = 0; loop < workers_.size(); ++loop) {
    const auto failures = workers_[loop]->apply(std::move(plan->by_loop[loop]));
    if (failures.empty()) continue;
    return StartError{"route \"" + failures.front().route + "\": " + failures.front().reason};
  }
  listeners_.commit(*plan);
  metrics_.serve(*routes);
  listening_ = std::move(plan->events);
  for (Event& event : note_unused_sockets()) listening_.push_back(std::move(event));
  routes_ = *std::move(routes);
  return {};
}

// Each is told when it begins to be unused, and not at every reload from then on.
std::vector<Event> Server::note_unused_sockets() {
  std::vector<Event> events;
  std::vector<std::string> unused = options_.passed.unused(config_.routes);
  for (const std::string& name : unused) {
    if (std::ranges::count(unused_sockets_, name) > 0) continue;
    events.push_back(Event(LogLevel::warning, "passed_socket_unused")
                         .with("name", name)
                         .with("reason",
                               "the service manager listens there, and no route has `listen: "
                               "systemd:" +
                                   name + "`: who connects waits in vain"));
  }
  unused_sockets_ = std::move(unused);
  return events;
}

Server::RoutesResult Server::make_routes(const config::Config& config,
                                         config::TlsContexts& contexts) const {
  Routes routes;
  for (const config::Route& configured : config.routes) {
    const RoutePtr* before = find_route(routes_, configured.name);
    auto route = proxy::make_route(configured, contexts, before != nullptr ? *before : nullptr);
    if (!route) {
      return StartError{"route \"" + configured.name + "\": " + route.error().front().message};
    }
    routes.push_back(*std::move(route));
  }
  return routes;
}

const RoutePtr* Server::find_route(const Routes& routes, std::string_view name) {
  const auto found = std::ranges::find_if(
      routes, [name](const RoutePtr& route) { return route->config.name == name; });
  return found == routes.end() ? nullptr : &*found;
}

Server::Done Server::open_admin() {
  if (!config_.admin.listen) return {};
  auto opened = admin::AdminServer::open(control_, *config_.admin.listen, watched_loops(),
                                         [this] { return overview(); });
  if (!opened) return StartError{opened.error().message};
  admin_ = *std::move(opened);
  const std::string address = admin_->address();
  listening_.push_back(Event(LogLevel::info, "admin_listening").with("listen", address));
  if (config::is_local(*config_.admin.listen)) return {};
  listening_.push_back(Event(LogLevel::warning, "admin_exposed")
                           .with("listen", address)
                           .with("reason",
                                 "neither a loopback address nor a unix socket: whoever "
                                 "reaches it sees every client and can end its "
                                 "connection"));
  return {};
}

// A manager that cannot be told anything is no reason not to serve.
void Server::open_service() {
  if (options_.service.notify_socket.empty()) return;
  auto opened = service::NotifySocket::open(options_.service.notify_socket);
  if (!opened) {
    listening_.push_back(Event(LogLevel::warning, "service_manager_unreachable")
                             .with("reason", opened.error().message));
    return;
  }
  const auto socket = std::make_shared<const service::NotifySocket>(*std::move(opened));
  service_ = std::make_unique<service::Service>(
      service::Service::Surroundings{
          .control = control_,
          .log = log_,
          .look = [this] { return overview(); },
          .notify = [socket](std::string_view message) { return socket->send(message); }},
      watched_loops(), service::Service::Times{.watchdog = options_.service.watchdog});
}

admin::Loops Server::watched_loops() const {
  admin::Loops loops;
  for (const auto& worker : workers_) loops.push_back(worker.get());
  return loops;
}

Overview Server::overview() const {
  return {.routes = routes_,
          .draining = state_ != State::serving,
          .connections = clients_.taken(),
          .connection_limit = clients_.most(),
          .memory_limit = config_.limits.memory,
          .lost_log_lines = log_.lost_lines(),
          .reload = reloads_};
}

void Server::on_signal(Signal signal) {
  switch (signal) {
    case Signal::stop:
      if (state_ == State::serving) return drain();
      return force("stopped");
    case Signal::reload:
      return reload();
    case Signal::reopen_logs:
      return reopen_logs();
    case Signal::log_connections:
      for (const auto& worker : workers_) worker->log_sessions();
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
  certificate_files_.stop();
  expiry_.stop();
  const auto timeout = config_.shutdown.drain_timeout;
  log_.write(Event(LogLevel::info, "draining").with("drain_timeout_ms", timeout.count()));
  if (std::exchange(reload_again_, false)) ignore_reload("draining");
  if (service_) service_->draining(timeout);
  for (unsigned loop = 0; loop < workers_.size(); ++loop) {
    loops_draining_.insert(loop);
    workers_[loop]->drain(timeout, [this, loop] {
      boost::asio::post(control_, [this, loop] { on_worker_drained(loop); });
    });
  }
  drain_timer_.expires_after(timeout);
  drain_timer_.async_wait([this](const boost::system::error_code& error) {
    if (!error) force("drain_timeout");
  });
}

void Server::force(std::string_view reason) {
  if (state_ != State::draining) return;
  state_ = State::forcing;
  if (service_) service_->forcing();
  for (const auto& worker : workers_) worker->force(reason);
  await_the_end();
}

void Server::await_the_end() {
  drain_timer_.expires_after(patience_without_progress);
  drain_timer_.async_wait([this, left = clients_.taken()](const boost::system::error_code& error) {
    if (error) return;
    if (clients_.taken() >= left) give_up();
    await_the_end();
  });
}

// A loop that hangs cannot be joined: what it has ends with the process.
void Server::give_up() {
  log_.write(Event(LogLevel::error, "stop_gave_up")
                 .with("silent_loops", loop_list(loops_draining_))
                 .with("connections", clients_.taken())
                 .with("reason",
                       "these event loops do not end their sessions: the process ends without "
                       "them"));
  log_.flush(patience_with_the_log);
  ::_exit(1);
}

// The control is stopped rather than left to run out of work: a signal that came just now would be
// new work.
void Server::on_worker_drained(unsigned loop) {
  loops_draining_.erase(loop);
  if (loops_draining_.empty()) control_.stop();
}

}  // namespace spillway::server
