// What all TLS connections of the clients have in common.
#pragma once

#include "bench/load/openssl.hpp"

namespace load {

/// TLS 1.3 with AES-128-GCM and X25519, so that every proxy does the same work; verifies nothing.
class TlsClient {
 public:
  TlsClient();

  /// A new connection, which hands received tickets to the TlsChannel that is its app data.
  [[nodiscard]] SslPtr connection() const;
  [[nodiscard]] const BIO_METHOD* bio_method() const { return bio_method_.get(); }

 private:
  SslContextPtr context_;
  BioMethodPtr bio_method_;
};

}  // namespace load
