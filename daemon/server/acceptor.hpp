// Where clients of one route come in, on one loop.
#pragma once

#include "daemon/observe/log.hpp"
#include "daemon/observe/metrics_table.hpp"
#include "daemon/proxy/connection_limit.hpp"
#include "daemon/proxy/route.hpp"
#include "daemon/proxy/session_set.hpp"

#include <spillway/event_loop.hpp>
#include <spillway/listener.hpp>
#include <spillway/listening_socket.hpp>

#include <boost/system/result.hpp>

#include <cstddef>
#include <cstdint>
#include <memory>
#include <optional>
#include <string>
#include <string_view>

namespace spillway::server {

/// Numbers the sessions of one loop so that no two loops use the same number.
class SessionIds {
 public:
  SessionIds(std::uint64_t loop, std::uint64_t loops) : next_(loop + 1), step_(loops) {}
  /// Above all that were taken.
  [[nodiscard]] std::uint64_t next() const { return next_; }
  std::uint64_t take() {
    const std::uint64_t id = next_;
    next_ += step_;
    return id;
  }

 private:
  std::uint64_t next_;
  std::uint64_t step_;
};

/// A listener whose connections become sessions, as long as there is a place for them: beyond the
/// limits they are reset at once, so that nobody waits for an answer that does not come.
class Acceptor final : private ListenerEvents {
 public:
  /// Outlive the acceptor.
  struct Surroundings {
    EventLoop& loop;
    proxy::SessionSet& sessions;
    proxy::ConnectionLimit& clients;
    SessionIds& ids;
    observe::Log& log;
    std::size_t max_descriptors;
  };

  /// `metrics`: of the route, on this loop.
  static boost::system::result<std::unique_ptr<Acceptor>, ListenError> open(
      Surroundings surroundings, std::shared_ptr<const proxy::Route> route,
      std::shared_ptr<observe::RouteMetrics> metrics, ListeningSocket socket);

  /// Who comes from now on is for `route`.
  void reroute(std::shared_ptr<const proxy::Route> route,
               std::shared_ptr<observe::RouteMetrics> metrics);
  [[nodiscard]] const std::string& route() const { return route_->config.name; }
  /// The one that it really has.
  [[nodiscard]] const std::string& address() const { return entrance_->listen; }
  /// Takes no more. Who has connected already is served, unless another process can do that too.
  void close();

 private:
  Acceptor(Surroundings surroundings, std::shared_ptr<const proxy::Route> route)
      : surroundings_(surroundings), route_(std::move(route)) {}

  void on_accepted(std::unique_ptr<Transport> transport) override;
  bool admit(proxy::Session::Arrival& arrival);
  void note_refused(std::string_view scope, std::size_t limit);
  void note_admitted();
  void on_accept_error(const boost::system::error_code& error, Duration pause) override;

  Surroundings surroundings_;
  std::shared_ptr<const proxy::Route> route_;
  std::shared_ptr<const proxy::Entrance> entrance_;  // of those who came in by it
  std::optional<Listener> listener_;
  bool shares_queue_ = false;
  std::uint64_t refused_ = 0;  // since a limit of connections was reached
};

}  // namespace spillway::server
