// A client and a server engine, fed from each other.
#pragma once

#include "side.hpp"
#include "tls/handles.hpp"

#include <spillway/tls/tls_context.hpp>

#include <gtest/gtest.h>
#include <openssl/ssl.h>

#include <cstddef>
#include <limits>
#include <string>
#include <string_view>

namespace spillway::testing {

/// A chunk that holds any flight.
inline constexpr std::size_t whole = std::numeric_limits<std::size_t>::max();

struct PairOptions {
  /// What the server speaks at most.
  TlsVersion version = TlsVersion::tls_1_3;
  /// How many bytes are handed over at a time.
  std::size_t chunk = whole;
  /// What the client asks for.
  std::string server_name = "localhost";
  /// `localhost_certificate()` stands in for no certificates and no trust.
  TlsServerOptions server = {};
  TlsClientOptions client = {};
};

TlsServerContext server_context(TlsServerOptions options = {});
TlsClientContext client_context(TlsClientOptions options = {});

class EnginePair {
 public:
  explicit EnginePair(const PairOptions& options = {});
  /// With contexts that several pairs share.
  EnginePair(const TlsServerContext& server_context, const TlsClientContext& client_context,
             const PairOptions& options = {});

  /// Sets both up and hands over until neither has anything more for the other.
  void shake_hands();
  void relay();
  /// Hands over what `from` has, once.
  void relay(Side& from, Side& to) const;

  /// OpenSSL's side of it, for what a layer has no call for. Gone after tear-down.
  SSL* client_ssl;
  SSL* server_ssl;
  Side client;
  Side server;

 private:
  EnginePair(tls::SslPtr client_ssl, tls::SslPtr server_ssl, const PairOptions& options);

  std::size_t chunk_;
};

/// How many TLS records `wire` consists of.
std::size_t count_records(std::string_view wire);

/// `size` bytes that differ from place to place.
std::string pattern(std::size_t size);

/// For test names.
std::string to_string(TlsVersion version);
std::string version_name(const ::testing::TestParamInfo<TlsVersion>& parameter);

}  // namespace spillway::testing
