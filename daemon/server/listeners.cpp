#include "daemon/server/listeners.hpp"

#include "daemon/proxy/socket_options.hpp"

#include <spillway/listening_socket.hpp>

#include <algorithm>
#include <cassert>
#include <numeric>
#include <utility>
#include <variant>

namespace spillway::server {

namespace {

using observe::Event;

StartError error_in(const RoutePtr& route, const std::string& words) {
  return {"route \"" + route->config.name + "\": " + words};
}

Listeners::Key key_of(const Listeners::Table& table, const RoutePtr& route,
                      const HostPort& address) {
  Listeners::Key key{to_string(Endpoint(address)), {}, 0};
  if (address.port != 0) return key;
  key.route = route->config.name;
  while (table.contains(key)) ++key.number;
  return key;
}

// As a socket tells its own address.
HostPort literal(const std::string& address) {
  return std::get<HostPort>(parse_endpoint(address).value());
}

ListenerOptions options_for(const RoutePtr& route, bool shared) {
  ListenerOptions options;
  options.reuse_port = shared;
  options.socket = proxy::socket_options(route->config);
  return options;
}

}  // namespace

boost::system::result<Listeners::Plan, StartError> Listeners::plan(
    const std::vector<RoutePtr>& routes) {
  Plan plan;
  plan.by_loop.resize(loops_);
  for (const RoutePtr& route : routes) {
    for (const config::ListenAddress& address : route->config.listen) {
      if (auto added = add(plan, route, address); !added) return added.error();
    }
  }
  close_the_rest(plan);
  return plan;
}

Listeners::Plan Listeners::plan_same(const std::vector<RoutePtr>& routes) const {
  Plan plan;
  plan.by_loop.resize(loops_);
  for (const auto& [key, listening] : table_) {
    const auto route =
        std::ranges::find_if(routes, [&name = listening.route->config.name](const RoutePtr& each) {
          return each->config.name == name;
        });
    assert(route != routes.end());
    keep(plan, key, *route);
  }
  return plan;
}

Listeners::Done Listeners::add(Plan& plan, const RoutePtr& route,
                               const config::ListenAddress& address) {
  return std::visit([&](const auto& kind) { return add_socket(plan, route, kind); }, address);
}

Listeners::Loops Listeners::all_loops() const {
  Loops loops(loops_);
  std::iota(loops.begin(), loops.end(), 0U);
  return loops;
}

// Loops share the address (SO_REUSEPORT), and would share it with a second daemon of the same user
// too, without a word: so it is looked first whether it is free.
Listeners::Done Listeners::add_socket(Plan& plan, const RoutePtr& route, const HostPort& written) {
  const Key key = key_of(plan.table, route, written);
  const Listening* kept = keep(plan, key, route);
  HostPort address = written;
  const bool shared = loops_ > 1;
  if (kept != nullptr) {
    address = literal(kept->address);
  } else if (shared && address.port != 0) {
    const auto free = ListeningSocket::check_free(address);
    if (!free) return error_in(route, free.error().message + hint_for(address));
  }
  return complete(plan, key, route, all_loops(), [&]() -> Opened {
    auto socket = ListeningSocket::open(address, options_for(route, shared));
    if (!socket) return ListenError{socket.error().message + hint_for(address), {}};
    // What the first loop got is everybody's: the port, and of a name's addresses the same one. A
    // name may take long to look up, and everything waits meanwhile.
    address = literal(socket->local_address());
    return socket;
  });
}

// A wildcard and an address of its own, or two names of one address.
std::string Listeners::hint_for(const HostPort& address) const {
  const std::string port = ':' + std::to_string(address.port);
  for (const auto& [key, listening] : table_) {
    if (!listening.address.ends_with(port)) continue;
    return " (if this daemon's own " + listening.address +
           " is in the way, take that out in a reload before this one)";
  }
  return {};
}

// It has one queue: one loop serves it, the next one the next path.
Listeners::Done Listeners::add_socket(Plan& plan, const RoutePtr& route, const UnixPath& path) {
  const Key key{to_string(Endpoint(path)), {}, 0};
  if (keep(plan, key, route) != nullptr) return {};
  return complete(plan, key, route, {next_unix_loop_++ % loops_},
                  [&] { return ListeningSocket::open(path, options_for(route, false)); });
}

// All loops take from the one queue that each of them has.
Listeners::Done Listeners::add_socket(Plan& plan, const RoutePtr& route,
                                      const config::PassedByName& passed) {
  const std::string written = config::to_string(passed);
  const std::vector<int>& descriptors = passed_.named(passed.name);
  if (descriptors.empty()) {
    return error_in(route, "cannot listen on " + written +
                               ": the service manager passed no socket of this name (" +
                               passed_.names() + "): set FileDescriptorName=" + passed.name +
                               " in the socket unit, and start that");
  }
  for (std::size_t number = 0; number < descriptors.size(); ++number) {
    const Key key{written, {}, number};
    keep(plan, key, route);
    const auto done = complete(plan, key, route, all_loops(), [&]() -> Opened {
      auto socket = ListeningSocket::share(descriptors[number]);
      if (socket) return socket;
      return ListenError{"cannot listen on " + written + ": " + socket.error().message, {}};
    });
    if (!done) return done;
  }
  return {};
}

const Listeners::Listening* Listeners::keep(Plan& plan, const Key& key,
                                            const RoutePtr& route) const {
  const auto found = table_.find(key);
  if (found == table_.end()) return nullptr;
  Listening listening = found->second;
  if (listening.route != route) {
    for (const unsigned loop : listening.loops) {
      plan.by_loop[loop].rerouted.push_back({listening.id, route});
    }
    listening.route = route;
  }
  return &plan.table.emplace(key, std::move(listening)).first->second;
}

Listeners::Done Listeners::complete(Plan& plan, const Key& key, const RoutePtr& route,
                                    const Loops& loops, const std::function<Opened()>& open) {
  for (const unsigned loop : loops) {
    const auto kept = plan.table.find(key);
    const bool is_new = kept == plan.table.end();
    if (!is_new && std::ranges::count(kept->second.loops, loop) > 0) continue;
    auto socket = open();
    if (!socket) return error_in(route, socket.error().message);
    Listening& listening = is_new ? note(plan, key, route, *socket) : kept->second;
    listening.loops.push_back(loop);
    plan.by_loop[loop].opened.push_back({listening.id, route, *std::move(socket)});
  }
  return {};
}

Listeners::Listening& Listeners::note(Plan& plan, const Key& key, const RoutePtr& route,
                                      const ListeningSocket& socket) {
  const std::string address = socket.local_address();
  plan.events.push_back(Event(config::LogLevel::info, "listening")
                            .with("route", route->config.name)
                            .with("listen", address)
                            .with("tls", route->config.tls.has_value()));
  Listening listening{next_id_++, {}, address, route};
  return plan.table.emplace(key, std::move(listening)).first->second;
}

bool Listeners::note_failure(unsigned loop, ListenerId listener) {
  const auto found = std::ranges::find_if(
      table_, [listener](const auto& entry) { return entry.second.id == listener; });
  if (found == table_.end()) return false;  // it is to be closed already
  std::erase(found->second.loops, loop);
  if (!found->second.loops.empty()) return false;
  table_.erase(found);
  return true;
}

void Listeners::close_the_rest(Plan& plan) const {
  for (const auto& [key, listening] : table_) {
    if (plan.table.contains(key)) continue;
    for (const unsigned loop : listening.loops) {
      plan.by_loop[loop].closed.push_back(listening.id);
    }
    plan.events.push_back(Event(config::LogLevel::info, "listening_ended")
                              .with("route", listening.route->config.name)
                              .with("listen", listening.address));
  }
}

}  // namespace spillway::server
