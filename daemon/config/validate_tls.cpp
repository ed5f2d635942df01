#include "daemon/config/validate_tls.hpp"

#include "daemon/config/server_name.hpp"
#include "daemon/config/spelling.hpp"

#include <algorithm>

namespace spillway::config {

namespace {

void tell(const CertificateFaults& faults, const Route& route, const KeyPath& tls,
          Objections& objections) {
  for (const CertificateFault& found : faults) {
    const KeyPath path = tls / found.path;
    if (objections.told(path)) continue;
    objections.add(route, path, in_backticks(found.path.last()) + ": " + found.message);
  }
}

void check_server_name(const Route& route, const KeyPath& upstream, Objections& objections) {
  const Upstream& to = *route.upstream;
  const KeyPath tls = upstream / "tls";
  const KeyPath servers = upstream / "servers";
  if (to.servers.empty() || objections.told(servers)) return;
  for (std::size_t i = 0; i < to.servers.size(); ++i) {
    if (objections.told(servers / i)) return;
  }
  if (objections.told(tls / "server_name") || objections.told(tls / "insecure_skip_verify")) return;
  const ServerName name = server_name(to);
  if (name) return;
  objections.add(
      route, tls,
      "`tls`: " + name.error().message + ": write for instance `server_name: feed.internal`");
}

}  // namespace

void check_tls(const Route& route, const KeyPath& path, TlsContexts& contexts,
               Objections& objections) {
  if (!route.tls) return;
  const KeyPath tls = path / "tls";
  const KeyPath certificates = tls / "certificates";
  const KeyPath self_signed = tls / "self_signed";
  if (!route.tls->certificates.empty() && route.tls->self_signed) {
    objections.add(route, objections.later(certificates, self_signed),
                   "`certificates` and `self_signed` exclude each other: keep one of the two");
  } else if (!route.tls->certificates.empty()) {
    const auto& context = contexts.server(*route.tls);
    if (!context) tell(context.error(), route, tls, objections);
  } else if (!route.tls->self_signed && !objections.told(certificates) &&
             !objections.told(self_signed)) {
    objections.add(
        route, tls,
        "`tls` has neither `certificates` nor `self_signed`: write for instance "
        "`certificates: [{cert: feed.crt, key: feed.key}]`, or leave `tls` out for plain TCP");
  }
}

void check_upstream_tls(const Route& route, const KeyPath& path, TlsContexts& contexts,
                        Objections& objections) {
  if (!route.upstream || !route.upstream->tls) return;
  const KeyPath upstream = path / "upstream";
  const KeyPath tls = upstream / "tls";
  if (!route.upstream->tls->insecure_skip_verify) {
    check_server_name(route, upstream, objections);
  } else if (!route.upstream->tls->ca.empty()) {
    // Who gives a `ca` believes that it is looked at.
    objections.add(route, objections.later(tls / "ca", tls / "insecure_skip_verify"),
                   "`ca` and `insecure_skip_verify` exclude each other: keep one of the two");
    return;
  }
  const auto& context = contexts.client(*route.upstream->tls);
  if (!context) tell(context.error(), route, tls, objections);
}

}  // namespace spillway::config
