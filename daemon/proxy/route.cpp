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

const TlsServerContext::Impl* made_of(const TlsServerContext& context) { return &context.impl(); }
const TlsClientContext::Impl* made_of(const UpstreamTls& tls) { return &tls.context.impl(); }

/// Both are made of one context; its settings are in the configuration.
template <class Tls>
bool same(const std::optional<Tls>& a, const std::optional<Tls>& b) {
  if (!a || !b) return !a && !b;
  return made_of(*a) == made_of(*b);
}

}  // namespace

RouteResult make_route(config::Route config, config::TlsContexts& contexts,
                       const std::shared_ptr<const Route>& before) {
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
  if (before && before->config == config && same(before->tls, tls) &&
      same(before->upstream_tls, upstream_tls)) {
    return before;
  }
  overflow::Framing framing(config.framing, config.max_message);
  auto clients =
      before ? before->clients : std::make_shared<ConnectionLimit>(config.limits.connections);
  return std::make_shared<const Route>(Route{std::move(config), std::move(framing), std::move(tls),
                                             std::move(upstream_tls), std::move(clients)});
}

}  // namespace spillway::proxy
