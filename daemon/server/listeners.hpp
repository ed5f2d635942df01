// Which addresses are open.
#pragma once

#include "daemon/config/listen_address.hpp"
#include "daemon/observe/event.hpp"
#include "daemon/server/change.hpp"
#include "daemon/server/passed_sockets.hpp"
#include "daemon/server/start_error.hpp"

#include <boost/system/result.hpp>

#include <cstddef>
#include <map>
#include <string>
#include <tuple>
#include <vector>

namespace spillway::server {

/// Knows what the loops listen on, and finds out what a new set of routes changes about that. For
/// the control thread: it opens the sockets, and the loops take them from the changes.
class Listeners {
 public:
  /// One address as somebody wrote it. Port 0 is another one each time it is written: so the route
  /// and the place there belong to it.
  struct Key {
    std::string address;
    std::string route;   // of port 0
    std::size_t number;  // of port 0, and of several sockets with one name
    auto operator<=>(const Key&) const = default;
  };
  struct Listening {
    ListenerId id;
    std::vector<unsigned> loops;  // that have it
    std::string address;          // that it really has
    RoutePtr route;
  };
  using Table = std::map<Key, Listening>;

  /// What is to be done. New sockets are open; dropped without `commit`, nothing has happened.
  struct Plan {
    std::vector<Change> by_loop;
    std::vector<observe::Event> events;  // to log when it is done
    Table table;
  };

  /// `passed` outlives it.
  Listeners(unsigned loops, const PassedSockets& passed) : loops_(loops), passed_(passed) {}

  /// From what there is to exactly `routes`. An address that stays keeps its sockets.
  boost::system::result<Plan, StartError> plan(const std::vector<RoutePtr>& routes);
  void commit(const Plan& plan) { table_ = plan.table; }

 private:
  using Done = boost::system::result<void, StartError>;

  Done add(Plan& plan, const RoutePtr& route, const config::ListenAddress& address);
  Done add_socket(Plan& plan, const RoutePtr& route, const HostPort& address);
  Done add_socket(Plan& plan, const RoutePtr& route, const UnixPath& path);
  Done add_socket(Plan& plan, const RoutePtr& route, const config::PassedByName& passed);
  /// Words for when it is taken, which may be this daemon's own doing; else empty.
  [[nodiscard]] std::string hint_for(const HostPort& address) const;
  /// True if it is open already.
  bool keep(Plan& plan, const Key& key, const RoutePtr& route) const;
  Listening& note(Plan& plan, const Key& key, const RoutePtr& route, std::string address);
  void close_the_rest(Plan& plan) const;

  unsigned loops_;
  const PassedSockets& passed_;
  Table table_;
  ListenerId next_id_ = 1;
  unsigned next_unix_loop_ = 0;
};

}  // namespace spillway::server
