// Whether the TLS keys of a route fit each other and the files that they name.
#pragma once

#include "daemon/config/config.hpp"
#include "daemon/config/key_path.hpp"
#include "daemon/config/objections.hpp"
#include "daemon/config/tls_contexts.hpp"

namespace spillway::config {

/// `tls` of the route at `path`.
void check_tls(const Route& route, const KeyPath& path, TlsContexts& contexts,
               Objections& objections);

/// `upstream: {tls: ...}` of the route at `path`.
void check_upstream_tls(const Route& route, const KeyPath& path, TlsContexts& contexts,
                        Objections& objections);

}  // namespace spillway::config
