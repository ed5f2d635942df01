#include "daemon/config/read_route.hpp"

#include "daemon/config/read_address.hpp"
#include "daemon/config/read_framing.hpp"
#include "daemon/config/read_overflow.hpp"
#include "daemon/config/read_tls.hpp"
#include "daemon/config/section.hpp"

#include <algorithm>
#include <string>
#include <utility>

namespace spillway::config {

namespace {

constexpr std::size_t max_name = 64;
// A socket option, which is an int.
constexpr std::size_t max_notsent_lowat = std::size_t{1} << 30;

bool belongs_into_name(char c) {
  return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') || c == '.' ||
         c == '_' || c == '-';
}

std::string read_name(const Value& value) {
  const std::string* name = value.text("a name such as `feed`");
  if (name == nullptr) return {};
  if (name->empty()) {
    value.refuse("is empty: write a name such as `feed`");
  } else if (!std::all_of(name->begin(), name->end(), belongs_into_name)) {
    value.refuse(
        "has other characters than letters, digits, `.`, `_` and `-`: write for instance "
        "`feed-1`");
  } else if (name->size() > max_name) {
    value.refuse("is too long: write at most " + std::to_string(max_name) + " characters");
  } else {
    return *name;
  }
  return {};
}

/// `read` reads one.
template <auto read>
auto read_list(const Value& value) {
  constexpr std::string_view takes = "an address such as `127.0.0.1:7443`, or a list of them";
  using Address = typename decltype(read(value, takes))::value_type;
  std::vector<Address> addresses;
  for (const Value& item : value.one_or_list(takes)) {
    addresses.push_back(read(item, takes).value_or(Address()));
  }
  return addresses;
}

std::optional<Upstream> read_upstream(const Value& value) {
  auto section = Section::open(value, "keys such as `{servers: \"127.0.0.1:7000\"}`");
  if (!section) return std::nullopt;
  Upstream upstream;
  upstream.servers =
      read_list<read_endpoint>(section->required("servers", "servers: \"127.0.0.1:7000\""));
  upstream.connect_timeout =
      (*section)["connect_timeout"].positive_duration(upstream.connect_timeout);
  upstream.tls = read_upstream_tls((*section)["tls"]);
  section->refuse_others();
  return upstream;
}

Timeouts read_timeouts(const Value& value) {
  Timeouts timeouts;
  auto section = Section::open(value, "keys such as `{idle: 10m, half_close: 1m}`");
  if (!section) return timeouts;
  timeouts.idle = (*section)["idle"].duration(timeouts.idle);
  timeouts.half_close = (*section)["half_close"].duration(timeouts.half_close);
  timeouts.lifetime = (*section)["lifetime"].duration(timeouts.lifetime);
  section->refuse_others();
  return timeouts;
}

RouteLimits read_limits(const Value& value) {
  RouteLimits limits;
  auto section = Section::open(value, "keys such as `{connections: 10000}`");
  if (!section) return limits;
  limits.connections = (*section)["connections"].count(limits.connections, max_connections);
  section->refuse_others();
  return limits;
}

// The name that faults are told under, wherever in the route it stands.
std::string name_for_faults(const Node::Map& entries) {
  for (const Entry& entry : entries) {
    const auto* name = std::get_if<Node::Scalar>(&entry.value.value);
    if (entry.key == "name" && name != nullptr && name->text.size() <= max_name &&
        std::all_of(name->text.begin(), name->text.end(), belongs_into_name)) {
      return name->text;
    }
  }
  return {};
}

}  // namespace

Route read_route(const Value& value) {
  constexpr std::string_view takes =
      "keys such as `{name: feed, listen: \"127.0.0.1:7443\", echo: true}`";
  Route route;
  const Node::Map* entries = value.map(takes);
  if (entries == nullptr) return route;
  value.reading().route = name_for_faults(*entries);

  Section section(value.reading(), value.path(), value.place(), *entries);
  route.name = read_name(section.required("name", "name: feed"));
  route.listen =
      read_list<read_listen_address>(section.required("listen", "listen: \"127.0.0.1:7443\""));
  route.tls = read_tls(section["tls"]);
  route.upstream = read_upstream(section["upstream"]);
  route.echo = section["echo"].boolean(route.echo);
  route.timeouts = read_timeouts(section["timeouts"]);
  route.limits = read_limits(section["limits"]);
  route.notsent_lowat = section["notsent_lowat"].size(route.notsent_lowat, max_notsent_lowat);
  route.framing = read_framing(section["framing"]);
  route.max_message = section["max_message"].positive_size(route.max_message, largest_message);
  read_overflow(section["overflow"], route);
  section.refuse_others();
  value.reading().route.clear();
  return route;
}

}  // namespace spillway::config
