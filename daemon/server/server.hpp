// The daemon as a whole, from bound addresses to its exit code.
#pragma once

#include "daemon/config/config.hpp"
#include "daemon/config/fault.hpp"
#include "daemon/config/load.hpp"
#include "daemon/config/tls_contexts.hpp"
#include "daemon/observe/log.hpp"
#include "daemon/proxy/connection_limit.hpp"
#include "daemon/proxy/route.hpp"
#include "daemon/server/admin/admin_server.hpp"
#include "daemon/server/change.hpp"
#include "daemon/server/expiry_watch.hpp"
#include "daemon/server/file_watch.hpp"
#include "daemon/server/listeners.hpp"
#include "daemon/server/memory_watch.hpp"
#include "daemon/server/metrics_reporter.hpp"
#include "daemon/server/passed_sockets.hpp"
#include "daemon/server/service/service.hpp"
#include "daemon/server/service/service_environment.hpp"
#include "daemon/server/signals.hpp"
#include "daemon/server/start_error.hpp"
#include "daemon/server/worker.hpp"

#include <spillway/resolver.hpp>

#include <boost/asio/io_context.hpp>
#include <boost/asio/steady_timer.hpp>
#include <boost/system/result.hpp>

#include <cstddef>
#include <functional>
#include <memory>
#include <set>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

namespace spillway::server {

/// The calling thread is the control: signals, reloads, drain and its time limit. The event loops
/// run on threads of their own.
class Server {
 public:
  /// Reads the configuration anew; none where there is no file to read.
  using Reread = std::function<config::LoadResult(config::TlsContexts&)>;
  struct Options {
    PassedSockets passed = {};
    Reread reread = nullptr;
    service::ServiceEnvironment service = {};
  };

  /// Binds every address: all, or an error and none. Nothing is accepted before `run`. `contexts`
  /// has the TLS contexts of `config`, or reads their files now; `log` outlives the server.
  static boost::system::result<std::unique_ptr<Server>, StartError> create(
      config::Config config, config::TlsContexts contexts, observe::Log& log, Options options);
  static boost::system::result<std::unique_ptr<Server>, StartError> create(
      config::Config config, config::TlsContexts contexts, observe::Log& log) {
    return create(std::move(config), std::move(contexts), log, {});
  }
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
  /// Between two configurations, in routes.
  struct Difference {
    std::size_t added = 0;
    std::size_t removed = 0;
    std::size_t changed = 0;
  };
  using Done = boost::system::result<void, StartError>;
  using Routes = std::vector<RoutePtr>;
  using RoutesResult = boost::system::result<Routes, StartError>;

  Server(config::Config config, config::TlsContexts contexts, observe::Log& log, Options options);

  Done open_routes();
  std::vector<observe::Event> note_unused_sockets();
  [[nodiscard]] RoutesResult make_routes(const config::Config& config,
                                         config::TlsContexts& contexts) const;
  static const RoutePtr* find_route(const Routes& routes, std::string_view name);
  Done open_admin();
  [[nodiscard]] admin::Loops watched_loops() const;
  [[nodiscard]] Overview overview() const;
  void open_service();

  void on_signal(Signal signal);
  void reopen_logs();

  // server_reload.cpp
  void reload();
  void reload_from_file();
  boost::system::result<Difference, StartError> take(config::Config config,
                                                     config::TlsContexts contexts);
  void take_limits(const config::Config& config);
  void keep_until_restart(config::Config& config);
  Difference switch_to(Routes routes, Listeners::Plan plan);
  void ignore_reload(std::string_view reason);
  void on_worker_changed(unsigned loop, const std::vector<Change::Failure>& failures);
  void refuse(const config::Faults& faults);
  void refuse(const StartError& error);
  void watch_certificates();
  void watch_expiry();
  bool refresh_certificates();
  void log_certificates(const config::TlsContexts& contexts);
  void log_rejected(const config::TlsContexts::Failure& failure);

  void drain();
  void force(std::string_view reason);
  void await_the_end();
  [[noreturn]] void give_up();
  void on_worker_drained(unsigned loop);

  config::Config config_;
  config::TlsContexts contexts_;
  observe::Log& log_;
  Options options_;
  boost::asio::io_context control_;
  boost::asio::steady_timer drain_timer_;
  State state_ = State::serving;
  proxy::ConnectionLimit clients_;
  MemoryWatch memory_;  // outlives the workers, which it asks
  std::vector<std::unique_ptr<Worker>> workers_;
  MetricsReporter metrics_;
  FileWatch certificate_files_;
  ExpiryWatch expiry_;
  // Destroyed before the workers: it waits for look-ups under way, and they speak to loops.
  std::unique_ptr<Resolver> resolver_ = system_resolver();
  Listeners listeners_;
  Routes routes_;
  std::size_t workers_changing_ = 0;
  bool reload_again_ = false;  // once they have changed
  std::set<unsigned> loops_draining_;
  std::vector<std::string> unused_sockets_;  // of those passed, which was told
  std::vector<observe::Event> listening_;    // told once the loops run
  ReloadStatus reloads_;
  std::unique_ptr<admin::AdminServer> admin_;
  std::unique_ptr<service::Service> service_;  // none: nobody wants to be told anything
};

}  // namespace spillway::server
