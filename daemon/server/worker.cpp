#include "daemon/server/worker.hpp"

#include <spillway/connector.hpp>
#include <spillway/socket_options.hpp>

#include <utility>
#include <variant>

namespace spillway::server {

namespace {

// A peer that vanished without a word is noticed, even when nothing is sent to it: the source of a
// pipe that pauses for an hour.
constexpr std::chrono::seconds keepalive_idle{60};

// NotWriteable and the latency of on_sent shall speak of the peer, and not of the megabytes that
// the system's send buffer would take first. There is no TCP user timeout: Linux ends a connection
// by it whose peer answers and keeps its window closed, which is what `pause` is to wait for.
SocketOptions socket_options(const config::Route& route) {
  SocketOptions options;
  options.notsent_lowat = route.notsent_lowat;
  options.keepalive_idle = keepalive_idle;
  return options;
}

proxy::DialServer dial_server(EventLoop& loop, Resolver& resolver) {
  return [&loop, &resolver](const Endpoint& server, const config::Route& route) {
    ConnectorOptions options;
    options.connect_timeout = route.upstream->connect_timeout;
    options.socket = socket_options(route);
    return make_connector(loop, resolver, server, options);
  };
}

}  // namespace

Worker::Worker(Place place, Surroundings surroundings)
    : place_(place),
      surroundings_(surroundings),
      memory_(surroundings.memory),
      chunks_(memory_),
      sessions_({.scheduler = loop_,
                 .chunks = chunks_,
                 .log = surroundings.log,
                 .dial_server = dial_server(loop_, surroundings.resolver)}),
      ids_(place.index, place.count) {}

// Not yet joined when a later worker's thread could not be had.
Worker::~Worker() { join(); }

boost::system::result<const Acceptor*, ListenError> Worker::listen(
    std::shared_ptr<const proxy::Route> route, const Endpoint& endpoint) {
  ListenerOptions options;
  options.reuse_port = place_.count > 1 && std::holds_alternative<HostPort>(endpoint);
  options.socket = socket_options(route->config);
  observe::RouteMetrics& metrics = metrics_[route->config.name];
  metrics.has_upstream = route->config.upstream.has_value();
  auto acceptor =
      Acceptor::open({loop_, sessions_, metrics, surroundings_.clients, ids_, surroundings_.log},
                     std::move(route), endpoint, options);
  if (!acceptor) return acceptor.error();
  acceptors_.push_back(*std::move(acceptor));
  return acceptors_.back().get();
}

void Worker::start() {
  thread_ = std::thread([this] { loop_.run(); });
}

void Worker::join() {
  if (!thread_.joinable()) return;
  loop_.stop();
  thread_.join();
}

void Worker::drain(std::function<void()> drained) {
  loop_.post([this, drained = std::move(drained)] {
    for (const auto& acceptor : acceptors_) acceptor->close();
    sessions_.when_empty(drained);
  });
}

void Worker::force(std::string_view reason) {
  loop_.post([this, reason] { forced_ += sessions_.stop_all(reason); });
}

void Worker::collect(std::function<void(observe::MetricsTable)> done) {
  loop_.post([this, done = std::move(done)] {
    sessions_.settle_figures();
    observe::MetricsTable table = metrics_;
    for (auto& [name, route] : metrics_) {
      route.to_client.recent_queue_peak = 0;
      route.to_upstream.recent_queue_peak = 0;
    }
    done(std::move(table));
  });
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
