#include "daemon/config/tls_contexts.hpp"

#include <utility>

namespace spillway::config {

const TlsContexts::Server& TlsContexts::server(const Tls& tls) {
  ServerKey key(tls.certificates, tls.self_signed, tls.min_version);
  const auto found = servers_.find(key);
  if (found != servers_.end()) return found->second;
  return servers_.emplace(std::move(key), load_server_context(tls)).first->second;
}

const TlsContexts::Client& TlsContexts::client(const UpstreamTls& tls) {
  ClientKey key(tls.ca, tls.insecure_skip_verify, tls.min_version);
  const auto found = clients_.find(key);
  if (found != clients_.end()) return found->second;
  return clients_.emplace(std::move(key), load_client_context(tls)).first->second;
}

}  // namespace spillway::config
