#include "daemon/proxy/route.hpp"

#include <utility>

namespace spillway::proxy {

RouteResult make_route(config::Route config) {
  auto route = std::make_shared<Route>();
  if (config.tls) {
    auto context = config::load_server_context(*config.tls);
    if (!context) return context.error();
    route->tls = *context;
  }
  route->config = std::move(config);
  return std::shared_ptr<const Route>(std::move(route));
}

}  // namespace spillway::proxy
