#include "engine_pair.hpp"

#include "material.hpp"
#include "tls/context.hpp"
#include "tls/engine.hpp"

#include <algorithm>
#include <utility>

namespace spillway::testing {

TlsServerContext server_context(TlsServerOptions options) {
  if (options.certificates.empty()) options.certificates = {localhost_certificate()};
  return TlsServerContext::create(options).value();
}

TlsClientContext client_context(TlsClientOptions options) {
  if (options.trusted_pem.empty()) options.trusted_pem = localhost_certificate().certificate_pem;
  return TlsClientContext::create(options).value();
}

EnginePair::EnginePair(const PairOptions& options)
    : EnginePair(server_context(options.server), client_context(options.client), options) {}

EnginePair::EnginePair(const TlsServerContext& server_context,
                       const TlsClientContext& client_context, const PairOptions& options)
    : EnginePair(client_context.impl().make_ssl(options.server_name).value(),
                 server_context.impl().make_ssl(), options) {}

EnginePair::EnginePair(tls::SslPtr own_client_ssl, tls::SslPtr own_server_ssl,
                       const PairOptions& options)
    : client_ssl(own_client_ssl.get()),
      server_ssl(own_server_ssl.get()),
      client(std::make_unique<tls::Engine>(std::move(own_client_ssl))),
      server(std::make_unique<tls::Engine>(std::move(own_server_ssl))),
      chunk_(options.chunk) {
  if (options.version == TlsVersion::tls_1_2) {
    SSL_set_max_proto_version(server_ssl, tls::protocol_number(options.version));
  }
}

void EnginePair::shake_hands() {
  server.set_up();
  client.set_up();
  relay();
}

void EnginePair::relay() {
  while (client.has_wire() || server.has_wire()) {
    relay(client, server);
    relay(server, client);
  }
}

void EnginePair::relay(Side& from, Side& to) const {
  const std::string wire = from.take_wire();
  std::string_view rest = wire;
  while (!rest.empty() && to.status() != LayerStatus::failed) {
    const std::string_view part = rest.substr(0, chunk_);
    to.receive(part);
    rest.remove_prefix(part.size());
  }
}

std::size_t count_records(std::string_view wire) {
  std::size_t records = 0;
  while (wire.size() >= SSL3_RT_HEADER_LENGTH) {
    const std::size_t size = static_cast<std::size_t>(static_cast<unsigned char>(wire[3])) << 8 |
                             static_cast<unsigned char>(wire[4]);
    wire.remove_prefix(std::min(wire.size(), SSL3_RT_HEADER_LENGTH + size));
    ++records;
  }
  return records;
}

std::string pattern(std::size_t size) {
  std::string bytes(size, '\0');
  for (std::size_t i = 0; i < size; ++i) bytes[i] = static_cast<char>(i * 31 + i / 251);
  return bytes;
}

std::string to_string(TlsVersion version) {
  return version == TlsVersion::tls_1_2 ? "tls_1_2" : "tls_1_3";
}

std::string version_name(const ::testing::TestParamInfo<TlsVersion>& parameter) {
  return to_string(parameter.param);
}

}  // namespace spillway::testing
