// The TLS contexts of one reading of a configuration.
#pragma once

#include "daemon/config/certificates.hpp"
#include "daemon/config/config.hpp"
#include "daemon/config/file_mark.hpp"

#include <spillway/tls/tls_context.hpp>

#include <boost/system/result.hpp>

#include <map>
#include <string>
#include <tuple>
#include <utility>
#include <vector>

namespace spillway::config {

/// Loads each set of files once, whoever asks for it: what was checked is what is served, and a
/// thousand routes with one certificate read it once. A new reading of the files needs a new one
/// of these.
class TlsContexts {
 public:
  using Server = boost::system::result<TlsServerContext, CertificateFaults>;
  using Client = boost::system::result<TlsClientContext, CertificateFaults>;

  /// What is served under one set of files, and what was before.
  struct Change {
    std::vector<CertificateFiles> files;
    std::vector<CertificateInfo> before;  // one per file
    std::vector<CertificateInfo> now;     // likewise
  };

  /// What cannot be served, and what is served for that: nothing, where there was nothing before.
  struct Failure {
    std::vector<CertificateFiles> files;
    CertificateFaults faults;
    std::vector<CertificateInfo> before;  // one per file, or none
  };

  TlsContexts() = default;
  TlsContexts(TlsContexts&&) = default;
  TlsContexts& operator=(TlsContexts&&) = default;

  /// For a new reading: takes over from `before` whatever the files have not changed, so that
  /// clients can go on resuming sessions, and made-up certificates. The system's store of CAs,
  /// which is many files, is read anew. `before` stays where it is until `forget_before`.
  static TlsContexts after(const TlsContexts& before);

  /// Valid until the next `keep_before`.
  const Server& server(const Tls& tls);
  const Client& client(const UpstreamTls& tls);

  /// Where loading failed now, what was loaded before counts. Returns where, of both kinds.
  std::vector<Failure> keep_before();
  /// The sets whose certificates are others than before.
  [[nodiscard]] std::vector<Change> changes() const;
  /// Ends the reading: what was before may go.
  void forget_before();
  /// All files that were read, as they were just before that.
  [[nodiscard]] const FileMarks& files() const { return files_; }

 private:
  // Everything that a context is made of, and nothing else.
  using ServerKey = std::tuple<std::vector<CertificateFiles>, bool, TlsVersion>;
  using ClientKey = std::tuple<std::string, bool, TlsVersion>;
  using Servers = std::map<ServerKey, Server>;
  struct LoadedClient {
    Client context;
    FileMark ca;  // as it was just before it was read
  };
  using Clients = std::map<ClientKey, LoadedClient>;

  [[nodiscard]] const TlsServerContext* before(const ServerKey& key) const;
  [[nodiscard]] const LoadedClient* before(const ClientKey& key) const;
  [[nodiscard]] Server load(const Tls& tls, const ServerKey& key);
  [[nodiscard]] LoadedClient load(const UpstreamTls& tls, const ClientKey& key);

  Servers servers_;
  Clients clients_;
  FileMarks files_;
  const TlsContexts* before_ = nullptr;
};

}  // namespace spillway::config
