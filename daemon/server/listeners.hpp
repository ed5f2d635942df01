// Which addresses are open.
#pragma once

#include "daemon/config/listen_address.hpp"
#include "daemon/observe/event.hpp"
#include "daemon/server/change.hpp"
#include "daemon/server/passed_sockets.hpp"
#include "daemon/server/start_error.hpp"

#include <spillway/listener.hpp>
#include <spillway/listening_socket.hpp>

#include <boost/system/result.hpp>

#include <cstddef>
#include <cstdint>
#include <functional>
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

  /// From what there is to exactly `routes`. An address that stays keeps its sockets, and gets
  /// those that a loop could not take on before.
  boost::system::result<Plan, StartError> plan(const std::vector<RoutePtr>& routes);
  /// To `routes`, which have the names and addresses that there are now: opens and closes nothing.
  [[nodiscard]] Plan plan_same(const std::vector<RoutePtr>& routes) const;
  void commit(const Plan& plan) { table_ = plan.table; }
  [[nodiscard]] unsigned loops() const { return loops_; }
  /// A loop could not take on what a committed plan gave it. True if no loop has it now.
  bool note_failure(unsigned loop, ListenerId listener);

 private:
  using Done = boost::system::result<void, StartError>;
  using Opened = boost::system::result<ListeningSocket, ListenError>;
  using Loops = std::vector<unsigned>;

  Done add(Plan& plan, const RoutePtr& route, const config::ListenAddress& address);
  Done add_socket(Plan& plan, const RoutePtr& route, const HostPort& address);
  Done add_socket(Plan& plan, const RoutePtr& route, const UnixPath& path);
  Done add_socket(Plan& plan, const RoutePtr& route, const config::PassedByName& passed);
  [[nodiscard]] Loops all_loops() const;
  /// Words for when it is taken, which may be this daemon's own doing; else empty.
  [[nodiscard]] std::string hint_for(const HostPort& address) const;
  /// What is open already, if anything is.
  const Listening* keep(Plan& plan, const Key& key, const RoutePtr& route) const;
  /// Opens a socket for each of `loops` that has none.
  Done complete(Plan& plan, const Key& key, const RoutePtr& route, const Loops& loops,
                const std::function<Opened()>& open);
  Listening& note(Plan& plan, const Key& key, const RoutePtr& route, const ListeningSocket& socket);
  void close_the_rest(Plan& plan) const;

  unsigned loops_;
  const PassedSockets& passed_;
  Table table_;
  ListenerId next_id_ = 1;
  unsigned next_unix_loop_ = 0;
};

}  // namespace spillway::server
