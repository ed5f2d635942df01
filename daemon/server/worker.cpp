#include "daemon/server/worker.hpp"

#include "daemon/proxy/socket_options.hpp"
#include "daemon/server/process.hpp"

#include <spillway/connector.hpp>

#include <chrono>
#include <utility>

namespace spillway::server {

namespace {

// Sessions whose lines are written in one go: less than the log's queue has room for, which the
// pause between two goes empties.
constexpr std::size_t lines_at_once = 256;
constexpr std::chrono::milliseconds between_lines{10};

proxy::DialServer dial_server(EventLoop& loop, Resolver& resolver) {
  return [&loop, &resolver, most = descriptors_for_sessions()](const Endpoint& server,
                                                               const config::Route& route) {
    ConnectorOptions options;
    options.max_descriptors = most;
    options.connect_timeout = route.upstream->connect_timeout;
    options.socket = proxy::socket_options(route);
    return make_connector(loop, resolver, server, options);
  };
}

}  // namespace

Worker::Worker(Place place, Surroundings surroundings)
    : surroundings_(surroundings),
      memory_(surroundings.memory),
      chunks_(memory_),
      sessions_({.scheduler = loop_,
                 .chunks = chunks_,
                 .log = surroundings.log,
                 .dial_server = dial_server(loop_, surroundings.resolver)}),
      ids_(place.index, place.count),
      log_more_(loop_, [this] { log_more_sessions(); }) {}

// Not yet joined when a later worker's thread could not be had.
Worker::~Worker() { join(); }

boost::system::result<void, StartError> Worker::apply(Change change) {
  for (const ListenerId listener : change.closed) close(listener);
  for (Change::Reroute& each : change.rerouted) {
    const auto found = acceptors_.find(each.listener);
    if (found == acceptors_.end()) continue;  // it could not be opened, which was told
    auto metrics = metrics_of(*each.route);
    found->second->reroute(std::move(each.route), std::move(metrics));
  }
  for (Change::Open& each : change.opened) {
    if (auto opened = open(std::move(each)); !opened) return opened.error();
  }
  return {};
}

void Worker::close(ListenerId listener) {
  const auto found = acceptors_.find(listener);
  if (found == acceptors_.end()) return;  // it could not be opened, which was told
  found->second->close();
  acceptors_.erase(found);
}

boost::system::result<void, StartError> Worker::open(Change::Open open) {
  const std::string name = open.route->config.name;
  auto metrics = metrics_of(*open.route);
  auto acceptor = Acceptor::open({loop_, sessions_, surroundings_.clients, ids_, surroundings_.log,
                                  descriptors_for_sessions()},
                                 std::move(open.route), std::move(metrics), std::move(open.socket));
  if (!acceptor) return StartError{"route \"" + name + "\": " + acceptor.error().message};
  acceptors_.emplace(open.listener, *std::move(acceptor));
  return {};
}

std::shared_ptr<observe::RouteMetrics> Worker::metrics_of(const proxy::Route& route) {
  auto& metrics = metrics_[route.config.name];
  if (!metrics) metrics = std::make_shared<observe::RouteMetrics>();
  metrics->has_upstream = metrics->has_upstream || route.config.upstream.has_value();
  return metrics;
}

void Worker::start() {
  thread_ = std::thread([this] { loop_.run(); });
}

void Worker::join() {
  if (!thread_.joinable()) return;
  loop_.stop();
  thread_.join();
}

void Worker::change(Change change, Duration drain_time, std::function<void()> done) {
  // What is posted can be copied, and a change cannot.
  auto shared = std::make_shared<Change>(std::move(change));
  loop_.post([this, shared, drain_time, done = std::move(done)] {
    forget_what_is_over();
    const std::vector<std::string> removed = shared->removed;
    if (auto applied = apply(std::move(*shared)); !applied) {
      surroundings_.log.write(observe::Event(config::LogLevel::error, "listen_failed")
                                  .with("reason", applied.error().message));
    }
    for (const std::string& route : removed) begin_drain_of(route, drain_time);
    done();
  });
}

// A later route of the same name is another one.
void Worker::begin_drain_of(const std::string& route, Duration time) {
  const auto covers = [route, next = ids_.next()](const proxy::Session& session) {
    return session.config().name == route && session.id() < next;
  };
  removed_routes_.push_back(
      std::make_unique<proxy::Drain>(loop_, sessions_, covers, time, "route_removed"));
}

void Worker::drain(Duration time, std::function<void()> drained) {
  loop_.post([this, time, drained = std::move(drained)] {
    for (const auto& [id, acceptor] : acceptors_) acceptor->close();
    removed_routes_.clear();  // their sessions are among those of the drain
    drain_ = std::make_unique<proxy::Drain>(
        loop_, sessions_, [](const proxy::Session&) { return true; }, time, "drain");
    sessions_.when_empty(drained);
  });
}

void Worker::force(std::string_view reason) {
  loop_.post([this, reason] { forced_ += sessions_.stop_all(reason); });
}

std::size_t Worker::forced() const { return forced_ + (drain_ ? drain_->stopped() : 0); }

void Worker::log_sessions() {
  loop_.post([this] {
    logged_ = 0;
    log_more_sessions();
  });
}

void Worker::log_more_sessions() {
  const auto last = sessions_.log_next(logged_, lines_at_once);
  if (!last) return;
  logged_ = *last;
  log_more_.expires_after(between_lines);
}

void Worker::collect(std::function<void(observe::MetricsTable)> done) {
  loop_.post([this, done = std::move(done)] {
    sessions_.settle_figures();
    observe::MetricsTable table = metrics();
    for (auto& [name, route] : metrics_) {
      route->to_client.recent_queue_peak = 0;
      route->to_upstream.recent_queue_peak = 0;
    }
    forget_what_is_over();
    done(std::move(table));
  });
}

void Worker::ping(std::function<void(bool)> done) {
  loop_.post([done = std::move(done)] { done(true); });
}

void Worker::report(std::function<void(LoopReport)> done) {
  loop_.post([this, done = std::move(done)] {
    sessions_.settle_figures();
    LoopReport report{metrics(), {}};
    for (const auto& [id, acceptor] : acceptors_) {
      report.listening.push_back({acceptor->route(), acceptor->address()});
    }
    done(std::move(report));
  });
}

void Worker::list_connections(const observe::ConnectionQuery& query,
                              std::function<void(observe::ConnectionList)> done) {
  loop_.post([this, query, done = std::move(done)] { done(sessions_.list(query)); });
}

void Worker::end_connection(std::uint64_t id, std::function<void(bool)> done) {
  loop_.post([this, id, done = std::move(done)] { done(sessions_.end(id)); });
}

observe::MetricsTable Worker::metrics() const {
  observe::MetricsTable table;
  for (const auto& [name, route] : metrics_) table.emplace(name, *route);
  return table;
}

// Routes that nobody comes in by any more, once their last figures were collected.
void Worker::forget_what_is_over() {
  std::erase_if(removed_routes_, [](const auto& drain) { return drain->is_over(); });
  std::erase_if(metrics_, [](const auto& entry) { return entry.second.use_count() == 1; });
}

void Worker::find_largest(std::size_t most, std::function<void(std::vector<std::size_t>)> done) {
  loop_.post([this, most, done = std::move(done)] { done(sessions_.largest(most)); });
}

void Worker::stop_largest(std::size_t count, proxy::MemoryPressure pressure,
                          std::function<void()> done) {
  loop_.post([this, count, pressure, done = std::move(done)] {
    sessions_.stop_largest(count, pressure);
    memory_.pass_on();
    done();
  });
}

}  // namespace spillway::server
