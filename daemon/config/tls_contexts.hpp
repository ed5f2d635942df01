// The TLS contexts of one reading of a configuration.
#pragma once

#include "daemon/config/certificates.hpp"
#include "daemon/config/config.hpp"

#include <spillway/tls/tls_context.hpp>

#include <boost/system/result.hpp>

#include <map>
#include <string>
#include <tuple>
#include <vector>

namespace spillway::config {

/// Loads each set of files once, whoever asks for it: what was checked is what is served, and a
/// thousand routes with one certificate read it once. A new reading of the files needs a new one
/// of these.
class TlsContexts {
 public:
  using Server = boost::system::result<TlsServerContext, CertificateFaults>;
  using Client = boost::system::result<TlsClientContext, CertificateFaults>;

  /// Valid for as long as this exists.
  const Server& server(const Tls& tls);
  const Client& client(const UpstreamTls& tls);

 private:
  // Everything that a context is made of, and nothing else.
  using ServerKey = std::tuple<std::vector<CertificateFiles>, bool, TlsVersion>;
  using ClientKey = std::tuple<std::string, bool, TlsVersion>;

  std::map<ServerKey, Server> servers_;
  std::map<ClientKey, Client> clients_;
};

}  // namespace spillway::config
