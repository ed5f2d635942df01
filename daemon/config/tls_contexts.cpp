#include "daemon/config/tls_contexts.hpp"

namespace spillway::config {

TlsContexts TlsContexts::after(const TlsContexts& before) {
  TlsContexts contexts;
  contexts.before_ = &before;
  return contexts;
}

const TlsContexts::Server& TlsContexts::server(const Tls& tls) {
  ServerKey key(tls.certificates, tls.self_signed, tls.min_version);
  const auto found = servers_.find(key);
  if (found != servers_.end()) return found->second;
  Server loaded = load(tls, key);
  return servers_.emplace(std::move(key), std::move(loaded)).first->second;
}

const TlsContexts::Client& TlsContexts::client(const UpstreamTls& tls) {
  ClientKey key(tls.ca, tls.insecure_skip_verify, tls.min_version);
  const auto found = clients_.find(key);
  if (found != clients_.end()) return found->second.context;
  LoadedClient loaded = load(tls, key);
  return clients_.emplace(std::move(key), std::move(loaded)).first->second.context;
}

std::vector<TlsContexts::Failure> TlsContexts::keep_before() {
  std::vector<Failure> failures;
  for (auto& [key, server] : servers_) {
    if (server) continue;
    const TlsServerContext* earlier = before(key);
    Failure& failure = failures.emplace_back(Failure{std::get<0>(key), server.error(), {}});
    if (earlier == nullptr) continue;
    failure.before = earlier->certificates();
    server = *earlier;
  }
  for (auto& [key, client] : clients_) {
    if (client.context) continue;
    failures.push_back({{}, client.context.error(), {}});
    if (const LoadedClient* earlier = before(key)) client = *earlier;
  }
  return failures;
}

std::vector<TlsContexts::Change> TlsContexts::changes() const {
  std::vector<Change> changes;
  for (const auto& [key, server] : servers_) {
    const TlsServerContext* earlier = before(key);
    if (earlier == nullptr || !server || server->has_certificates_of(*earlier)) continue;
    changes.push_back({std::get<0>(key), earlier->certificates(), server->certificates()});
  }
  return changes;
}

void TlsContexts::forget_before() { before_ = nullptr; }

const TlsServerContext* TlsContexts::before(const ServerKey& key) const {
  if (before_ == nullptr) return nullptr;
  const auto found = before_->servers_.find(key);
  return found != before_->servers_.end() && found->second ? &*found->second : nullptr;
}

const TlsContexts::LoadedClient* TlsContexts::before(const ClientKey& key) const {
  if (before_ == nullptr) return nullptr;
  const auto found = before_->clients_.find(key);
  return found != before_->clients_.end() && found->second.context ? &found->second : nullptr;
}

TlsContexts::LoadedClient TlsContexts::load(const UpstreamTls& tls, const ClientKey& key) {
  if (tls.ca.empty()) return {load_client_context(tls), {}};
  const FileMark ca = mark_of(tls.ca);
  files_.emplace(tls.ca, ca);
  const LoadedClient* earlier = before(key);
  if (earlier != nullptr && earlier->ca == ca) return *earlier;
  return {load_client_context(tls), ca};
}

TlsContexts::Server TlsContexts::load(const Tls& tls, const ServerKey& key) {
  for (const CertificateFiles& each : tls.certificates) {
    for (const std::string& file : {each.cert, each.key}) files_.emplace(file, mark_of(file));
  }
  const TlsServerContext* earlier = before(key);
  if (earlier != nullptr && tls.self_signed) return *earlier;
  Server loaded = load_server_context(tls);
  if (earlier != nullptr && loaded && loaded->has_certificates_of(*earlier)) return *earlier;
  return loaded;
}

}  // namespace spillway::config
