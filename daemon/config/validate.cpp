#include "daemon/config/validate.hpp"

#include "daemon/config/listen_addresses.hpp"
#include "daemon/config/objections.hpp"
#include "daemon/config/spelling.hpp"
#include "daemon/config/validate_overflow.hpp"
#include "daemon/config/validate_tls.hpp"

#include <algorithm>
#include <map>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

namespace spillway::config {

namespace {

class Validation {
 public:
  Validation(const Config& config, TlsContexts& contexts, const Places& places)
      : config_(config), contexts_(contexts), objections_(places) {}

  Faults run() && {
    const KeyPath routes = KeyPath() / "routes";
    if (config_.routes.empty() && !told(routes)) {
      fault({}, routes, "`routes` has no route: write at least one");
    }
    for (std::size_t i = 0; i < config_.routes.size(); ++i) {
      const Route& route = config_.routes[i];
      const KeyPath path = routes / i;
      check_name(route, path);
      check_listen(route, path);
      check_purpose(route, path);
      check_servers(route, path);
      check_messages(route, path, objections_);
      check_overflow(route, path, objections_);
      check_tls(route, path, contexts_, objections_);
      check_upstream_tls(route, path, contexts_, objections_);
    }
    check_admin();
    return std::move(objections_).take();
  }

 private:
  struct Listening {
    const Route* route;
    const ListenAddress* address;
    Place place;
  };

  void check_name(const Route& route, const KeyPath& path) {
    const KeyPath name = path / "name";
    if (told(name)) return;
    const auto [first, is_first] = names_.emplace(route.name, objections_.place(name));
    if (is_first) return;
    fault(route, name,
          in_backticks("name: " + route.name) + " is already the name of another route" +
              at(first->second) + ": give each route a name of its own");
  }

  void check_listen(const Route& route, const KeyPath& path) {
    for (std::size_t i = 0; i < route.listen.size(); ++i) {
      const KeyPath listen = path / "listen" / i;
      const auto earlier = addresses_.add(route.listen[i]);
      listening_.push_back({&route, &route.listen[i], objections_.place(listen)});
      if (!earlier) continue;
      const Listening& other = listening_[*earlier];
      const std::string where = other.route == &route ? "in this route" : in_route(*other.route);
      fault(route, listen,
            "`listen`: " + to_string(route.listen[i]) + " cannot stand beside " +
                to_string(*other.address) + ' ' + where + at(other.place) + ": write another " +
                (std::holds_alternative<PassedByName>(route.listen[i]) ? "name" : "port") +
                ", or remove one of the two");
    }
  }

  void check_admin() {
    if (!config_.admin.listen) return;
    const auto widen = [](const auto& address) { return ListenAddress(address); };
    const ListenAddress admin = std::visit(widen, *config_.admin.listen);
    const auto earlier = addresses_.add(admin);
    if (!earlier) return;
    const Listening& other = listening_[*earlier];
    fault({}, KeyPath() / "admin" / "listen",
          "`listen`: " + to_string(admin) + " cannot stand beside " + to_string(*other.address) +
              ' ' + in_route(*other.route) + at(other.place) + ": write another port");
  }

  void check_purpose(const Route& route, const KeyPath& path) {
    const KeyPath echo = path / "echo";
    const KeyPath upstream = path / "upstream";
    if (told(echo) || told(upstream)) return;
    if (route.echo && route.upstream) {
      fault(route, objections_.later(echo, upstream),
            "`echo` and `upstream` exclude each other: keep one of the two");
    } else if (!route.echo && !route.upstream) {
      fault(route, echo,
            objections_.given(echo)
                ? "`echo: false` leaves the route without a purpose: write `echo: true`, or an "
                  "`upstream` such as `upstream: {servers: \"127.0.0.1:7000\"}`"
                : "the route has neither `echo` nor `upstream`: write `echo: true`, or for "
                  "instance `upstream: {servers: \"127.0.0.1:7000\"}`");
    }
  }

  void check_servers(const Route& route, const KeyPath& path) {
    if (!route.upstream) return;
    for (std::size_t i = 0; i < route.upstream->servers.size(); ++i) {
      const KeyPath server = path / "upstream" / "servers" / i;
      const auto* address = std::get_if<HostPort>(&route.upstream->servers[i]);
      if (address == nullptr || address->port != 0 || told(server)) continue;
      fault(route, server,
            "`servers`: " + to_string(Endpoint(*address)) +
                " has port 0, which is for listening only: write the server's port");
    }
  }

  [[nodiscard]] bool told(const KeyPath& path) const { return objections_.told(path); }

  static std::string at(Place place) {
    if (place.line == 0) return {};
    return " (at " + std::to_string(place.line) + ':' + std::to_string(place.column) + ')';
  }

  static std::string in_route(const Route& route) {
    return route.name.empty() ? "in another route" : "in route \"" + route.name + '"';
  }

  void fault(const Route& route, const KeyPath& path, std::string message) {
    objections_.add(route, path, std::move(message));
  }

  const Config& config_;
  TlsContexts& contexts_;
  Objections objections_;
  std::map<std::string_view, Place> names_;
  ListenAddresses addresses_;
  std::vector<Listening> listening_;
};

}  // namespace

Faults validate(const Config& config, TlsContexts& contexts, const Places& places) {
  return Validation(config, contexts, places).run();
}

}  // namespace spillway::config
