#include "tls/context.hpp"
#include "tls/engine.hpp"

#include <spillway/tls/tls_layer.hpp>

#include <utility>

namespace spillway {

std::unique_ptr<TlsLayer> make_tls_server_layer(const TlsServerContext& context) {
  return std::make_unique<tls::Engine>(context.impl().make_ssl());
}

boost::system::result<std::unique_ptr<TlsLayer>, TlsError> make_tls_client_layer(
    const TlsClientContext& context, const std::string& server_name) {
  auto ssl = context.impl().make_ssl(server_name);
  if (!ssl) return ssl.error();
  return std::make_unique<tls::Engine>(std::move(*ssl));
}

}  // namespace spillway
