// What sessions of one route share.
#pragma once

#include "daemon/config/certificates.hpp"
#include "daemon/config/config.hpp"
#include "daemon/config/tls_contexts.hpp"
#include "daemon/overflow/framing.hpp"
#include "daemon/proxy/connection_limit.hpp"

#include <spillway/tls/tls_context.hpp>

#include <boost/system/result.hpp>

#include <memory>
#include <optional>
#include <string>

namespace spillway::proxy {

/// What connections to the servers of a route speak.
struct UpstreamTls {
  TlsClientContext context;
  /// Of every server; may be empty where it is not verified.
  std::string server_name;
};

/// An immutable snapshot: sessions of all loops keep the one that they began with.
struct Route {
  config::Route config;
  overflow::Framing framing;
  /// Set exactly when `config.tls` is.
  std::optional<TlsServerContext> tls;
  /// Set exactly when `config.upstream->tls` is.
  std::optional<UpstreamTls> upstream_tls;
  /// Of all loops together.
  std::shared_ptr<ConnectionLimit> clients;
};

using RouteResult = boost::system::result<std::shared_ptr<const Route>, config::CertificateFaults>;

/// With what `contexts` has of its certificate files, or reads there. REQUIRES: `config::validate`
/// found no fault in it. `before`: what the route was until now, if there was one of this name; its
/// clients count as this one's, and if nothing is different, it is the result.
RouteResult make_route(config::Route config, config::TlsContexts& contexts,
                       const std::shared_ptr<const Route>& before = nullptr);

}  // namespace spillway::proxy
