// The daemon as a whole, from bound addresses to its exit code.
#pragma once

#include "daemon/config/config.hpp"
#include "daemon/config/tls_contexts.hpp"
#include "daemon/observe/log.hpp"
#include "daemon/proxy/connection_limit.hpp"
#include "daemon/proxy/route.hpp"
#include "daemon/server/memory_watch.hpp"
#include "daemon/server/metrics_reporter.hpp"
#include "daemon/server/signals.hpp"
#include "daemon/server/worker.hpp"

#include <spillway/endpoint.hpp>
#include <spillway/resolver.hpp>

#include <boost/asio/io_context.hpp>
#include <boost/asio/steady_timer.hpp>
#include <boost/system/result.hpp>

#include <cstddef>
#include <memory>
#include <string>
#include <string_view>
#include <vector>

namespace spillway::server {

struct StartError {
  /// In words, naming the route and the address or file.
  std::string message;
};

/// The calling thread is the control: signals, drain and its time limit. The event loops run on
/// threads of their own.
class Server {
 public:
  /// Binds every address: all, or an error and none. Nothing is accepted before `run`. `contexts`
  /// has the TLS contexts of `config`, or reads their files now; `log` outlives the server.
  static boost::system::result<std::unique_ptr<Server>, StartError> create(
      config::Config config, config::TlsContexts& contexts, observe::Log& log);
  /// Waits for the loops' threads, if `run` did not come to that.
  ~Server();
  Server(const Server&) = delete;
  Server& operator=(const Server&) = delete;

  [[nodiscard]] std::size_t loops() const { return workers_.size(); }
  /// Serves until it is told to stop. Returns the exit code: 0 if every session ended by itself,
  /// 1 if some were ended by force.
  int run();

 private:
  enum class State { serving, draining, forcing };
  using Done = boost::system::result<void, StartError>;

  Server(config::Config config, observe::Log& log);

  Done open_routes(config::TlsContexts& contexts);
  Done listen(const std::shared_ptr<const proxy::Route>& route, const Endpoint& endpoint);
  Done listen_on_every_loop(const std::shared_ptr<const proxy::Route>& route, HostPort address);
  void note_listening(const config::Route& route, const Acceptor& acceptor);

  void on_signal(Signal signal);
  void reopen_logs();
  void drain();
  void force(std::string_view reason);
  void on_worker_drained();

  config::Config config_;
  observe::Log& log_;
  boost::asio::io_context control_;
  boost::asio::steady_timer drain_timer_;
  State state_ = State::serving;
  proxy::ConnectionLimit clients_;
  MemoryWatch memory_;  // outlives the workers, which it asks
  std::vector<std::unique_ptr<Worker>> workers_;
  MetricsReporter metrics_;
  // Destroyed before the workers: it waits for look-ups under way, and they speak to loops.
  std::unique_ptr<Resolver> resolver_ = system_resolver();
  std::size_t unix_listeners_ = 0;
  std::size_t workers_draining_ = 0;
  std::vector<observe::Event> listening_;  // told once all are bound
};

[[noreturn]] void throw_exception_from_error(const StartError& error,
                                             const boost::source_location& where);

}  // namespace spillway::server
