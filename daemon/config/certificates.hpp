// From the certificate files of a route to what TLS on its two sides runs on.
#pragma once

#include "daemon/config/config.hpp"
#include "daemon/config/key_path.hpp"

#include <spillway/tls/tls_context.hpp>

#include <boost/system/result.hpp>

#include <optional>
#include <string>
#include <vector>

namespace spillway::config {

struct CertificateFault {
  /// The value at fault, as seen from the `tls` that it is in: `certificates/0/key`.
  KeyPath path;
  /// In words, naming the file.
  std::string message;
};

using CertificateFaults = std::vector<CertificateFault>;

/// Reads the files of `tls` and makes a context of them; or of a new self-signed certificate, where
/// `tls` asks for one. Otherwise every fault of every file.
boost::system::result<TlsServerContext, CertificateFaults> load_server_context(const Tls& tls);

/// Of the first certificate in the file; none if there is none that can be read.
std::optional<CertificateInfo> read_certificate_info(const CertificateFiles& files);

/// Reads the certificates that the servers are verified with, unless that is skipped, and makes a
/// context of them.
boost::system::result<TlsClientContext, CertificateFaults> load_client_context(
    const UpstreamTls& tls);

[[noreturn]] void throw_exception_from_error(const CertificateFaults& faults,
                                             const boost::source_location& where);

}  // namespace spillway::config
