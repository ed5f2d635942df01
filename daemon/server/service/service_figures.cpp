#include "daemon/server/service/service_figures.hpp"

#include <algorithm>
#include <utility>

namespace spillway::server::service {

namespace {

constexpr std::size_t most_names = 3;  // the line is for a terminal

std::string counted(std::uint64_t count, const std::string& noun) {
  return std::to_string(count) + ' ' + noun + (count == 1 ? "" : "s");
}

bool is_served(const Overview& overview, const std::string& route) {
  return std::ranges::any_of(overview.routes,
                             [&route](const auto& each) { return each->config.name == route; });
}

}  // namespace

// A loop forgets a route that is over; what it counted stays counted.
void ServiceFigures::take(const observe::MetricsTable& sum) {
  std::map<std::string, Route> routes;
  slow_ = throttled_ = 0;
  for (const auto& [name, route] : sum) {
    routes[name] = {route.sessions, route.sessions_opened};
    slow_ += route.to_client.slow + route.to_upstream.slow;
    throttled_ += route.to_client.throttled + route.to_upstream.throttled;
  }
  for (const auto& [name, before] : routes_) {
    const auto now = routes.find(name);
    const std::uint64_t opened = now == routes.end() ? 0 : now->second.opened;
    opened_by_routes_gone_ += before.opened - std::min(before.opened, opened);
  }
  routes_ = std::move(routes);
}

std::uint64_t ServiceFigures::opened() const {
  std::uint64_t sum = opened_by_routes_gone_;
  for (const auto& [name, route] : routes_) sum += route.opened;
  return sum;
}

std::string ServiceFigures::serving(const Overview& overview) const {
  std::string words = "Serving " + counted(overview.connections, "connection") + " (" +
                      std::to_string(opened()) + " since the start), " +
                      counted(slow_, "slow consumer") + ", " + std::to_string(throttled_) +
                      " throttled" + removed_routes(overview);
  if (overview.reload.last && !overview.reload.last->successful) {
    words += "; the last reload failed, the configuration of before is served";
  }
  if (!silent_.empty()) {
    words += "; event loops that do not answer:";
    for (const std::size_t loop : silent_) words += ' ' + std::to_string(loop);
  }
  return words;
}

std::string ServiceFigures::removed_routes(const Overview& overview) const {
  std::string words;
  std::size_t names = 0;
  std::size_t more = 0;
  for (const auto& [name, route] : routes_) {
    if (route.sessions == 0 || is_served(overview, name)) continue;
    if (++names > most_names) {
      ++more;
      continue;
    }
    words += (words.empty() ? "; draining: " : ", ") + name + " (" +
             std::to_string(route.sessions) + " left)";
  }
  if (more > 0) words += " and " + counted(more, "more route");
  return words;
}

std::string draining_words(std::size_t connections, std::chrono::seconds left) {
  return "Draining: " + counted(connections, "connection") + " left, for " +
         std::to_string(left.count()) + " s at most";
}

std::string forcing_words(std::size_t connections) {
  return "Ending " + counted(connections, "connection") + " by force";
}

}  // namespace spillway::server::service
