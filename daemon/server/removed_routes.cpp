#include "daemon/server/removed_routes.hpp"

#include <utility>

namespace spillway::server {

void RemovedRoutes::serve(const std::vector<RoutePtr>& routes) {
  std::set<std::string> served;
  for (const RoutePtr& route : routes) served.insert(route->config.name);
  for (const std::string& name : served_) {
    if (!served.contains(name)) removed_.insert(name);
  }
  // One that comes back and goes again has had other sessions since.
  for (const std::string& name : served) {
    removed_.erase(name);
    looked_at_.erase(name);
  }
  served_ = std::move(served);
}

void RemovedRoutes::begin_look() { looked_at_ = removed_; }

std::vector<std::string> RemovedRoutes::take_over(const observe::MetricsTable& sum) {
  std::vector<std::string> over;
  for (const std::string& name : std::exchange(looked_at_, {})) {
    const auto found = sum.find(name);
    if (found != sum.end() && found->second.sessions > 0) continue;
    removed_.erase(name);
    over.push_back(name);
  }
  return over;
}

}  // namespace spillway::server
