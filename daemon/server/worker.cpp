#include "daemon/server/worker.hpp"

#include <spillway/connector.hpp>
#include <spillway/socket_options.hpp>

#include <signal.h>

#include <utility>
#include <variant>

namespace spillway::server {

namespace {

// So that NotWriteable and the latency of on_sent speak of the peer, and not of the megabytes that
// the system's send buffer would take first. On both sockets of a relayed session.
constexpr std::size_t relayed_notsent_lowat = 16 * 1024;

proxy::DialServer dial_server(EventLoop& loop, Resolver& resolver) {
  return [&loop, &resolver](const Endpoint& server, Duration connect_timeout) {
    ConnectorOptions options;
    options.connect_timeout = connect_timeout;
    options.socket.notsent_lowat = relayed_notsent_lowat;
    return make_connector(loop, resolver, server, options);
  };
}

}  // namespace

Worker::Worker(Place place, observe::Log& log, Resolver& resolver)
    : place_(place),
      log_(log),
      sessions_({.scheduler = loop_,
                 .chunks = chunks_,
                 .log = log,
                 .dial_server = dial_server(loop_, resolver)}),
      ids_(place.index, place.count) {}

// Not yet joined when a later worker's thread could not be had.
Worker::~Worker() { join(); }

boost::system::result<void, ListenError> Worker::check_free(const HostPort& address) {
  // Nobody comes in: the loop does not run.
  class Nobody final : public ListenerEvents {
    void on_accepted(std::unique_ptr<Transport>) override {}
  };
  Nobody nobody;
  const auto listener = Listener::listen(loop_, address, nobody);
  if (!listener) return listener.error();
  return {};
}

boost::system::result<const Acceptor*, ListenError> Worker::listen(
    std::shared_ptr<const proxy::Route> route, const Endpoint& endpoint) {
  ListenerOptions options;
  options.reuse_port = place_.count > 1 && std::holds_alternative<HostPort>(endpoint);
  if (!route->config.echo) options.socket.notsent_lowat = relayed_notsent_lowat;
  auto acceptor =
      Acceptor::open({loop_, sessions_, ids_, log_}, std::move(route), endpoint, options);
  if (!acceptor) return acceptor.error();
  acceptors_.push_back(*std::move(acceptor));
  return acceptors_.back().get();
}

void Worker::start() {
  thread_ = std::thread([this] {
    // They are for the control's thread, also in the moment in which it changes what they do. What
    // this thread starts inherits that.
    sigset_t handled;
    ::sigemptyset(&handled);
    for (const int number : {SIGTERM, SIGINT, SIGHUP, SIGUSR1, SIGUSR2}) {
      ::sigaddset(&handled, number);
    }
    ::pthread_sigmask(SIG_BLOCK, &handled, nullptr);
    loop_.run();
  });
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

}  // namespace spillway::server
