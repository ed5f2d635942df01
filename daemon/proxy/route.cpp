#include "daemon/proxy/route.hpp"

#include <utility>

namespace spillway::proxy {

RouteResult make_route(config::Route config) {
  std::optional<TlsServerContext> tls;
  if (config.tls) {
    auto context = config::load_server_context(*config.tls);
    if (!context) return context.error();
    tls = *context;
  }
  overflow::Framing framing(config.framing, config.max_message);
  auto clients = std::make_shared<ConnectionLimit>(config.limits.connections);
  return std::make_shared<const Route>(
      Route{std::move(config), std::move(framing), std::move(tls), std::move(clients)});
}

}  // namespace spillway::proxy
