#include "daemon/proxy/route.hpp"

#include "daemon/config/server_name.hpp"

#include <utility>

namespace spillway::proxy {

namespace {

boost::system::result<UpstreamTls, config::CertificateFaults> make_upstream_tls(
    const config::Upstream& upstream, config::TlsContexts& contexts) {
  const auto& context = contexts.client(*upstream.tls);
  if (!context) return context.error();
  auto name = config::server_name(upstream);
  return UpstreamTls{*context, name ? *std::move(name) : std::string()};
}

}  // namespace

RouteResult make_route(config::Route config, config::TlsContexts& contexts) {
  std::optional<TlsServerContext> tls;
  if (config.tls) {
    const auto& context = contexts.server(*config.tls);
    if (!context) return context.error();
    tls = *context;
  }
  std::optional<UpstreamTls> upstream_tls;
  if (config.upstream && config.upstream->tls) {
    auto made = make_upstream_tls(*config.upstream, contexts);
    if (!made) return made.error();
    upstream_tls = *std::move(made);
  }
  overflow::Framing framing(config.framing, config.max_message);
  auto clients = std::make_shared<ConnectionLimit>(config.limits.connections);
  return std::make_shared<const Route>(Route{std::move(config), std::move(framing), std::move(tls),
                                             std::move(upstream_tls), std::move(clients)});
}

}  // namespace spillway::proxy
