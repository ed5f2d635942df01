#include "tests/simulation/stack.hpp"

#include "tests/simulation/identity.hpp"
#include "tls/context.hpp"
#include "tls/engine.hpp"

#include <openssl/ssl.h>

#include <utility>

namespace spillway::simulation {

namespace {

struct Contexts {
  TlsServerContext server;
  TlsClientContext client;
};

const Contexts& contexts() {
  static const Contexts made = [] {
    seed_tls(0);
    const CertificateAndKey identity = fixed_identity();
    TlsServerOptions server;
    server.certificates = {identity};
    TlsClientOptions client;
    client.trusted_pem = identity.certificate_pem;
    return Contexts{.server = TlsServerContext::create(server).value(),
                    .client = TlsClientContext::create(client).value()};
  }();
  return made;
}

tls::SslPtr make_ssl(Side side) {
  if (side == Side::server) return contexts().server.impl().make_ssl();
  return contexts().client.impl().make_ssl("localhost").value();
}

}  // namespace

void start_tls_run(std::uint64_t seed) {
  contexts();
  seed_tls(seed);
}

LayerPair frame_pair(Side near, const FrameStyle& near_style, Random& random) {
  FrameStyle style = near_style;
  style.opens = near == Side::client;
  FrameStyle far_style{
      .round_trips = style.round_trips, .opens = !style.opens, .noise = random.one_of({0, 0, 50})};
  auto near_layer = std::make_unique<FrameLayer>(style, random.fork());
  auto far_layer = std::make_unique<FrameLayer>(far_style, random.fork());
  FrameLayer& far = *far_layer;
  return {.near = std::move(near_layer),
          .far = {.layer = std::move(far_layer),
                  .chatter = [&far](LayerOutput output) { far.chatter(output); }}};
}

LayerPair tls_pair(Side near, Random& random) {
  tls::SslPtr near_ssl = make_ssl(near);
  tls::SslPtr far_ssl = make_ssl(near == Side::server ? Side::client : Side::server);
  SSL* const ssl = far_ssl.get();
  if (random.permille(350)) SSL_set_max_proto_version(ssl, TLS1_2_VERSION);
  auto far_layer = std::make_unique<tls::Engine>(std::move(far_ssl));
  tls::Engine& far = *far_layer;
  auto update_keys = [ssl, &far, choices = random.fork()](LayerOutput output) mutable {
    SSL_key_update(ssl, choices.coin() ? SSL_KEY_UPDATE_REQUESTED : SSL_KEY_UPDATE_NOT_REQUESTED);
    // OpenSSL sends it with whatever it is asked to do next; reading nothing is enough.
    far.incoming({}, output);
  };
  return {.near = std::make_unique<tls::Engine>(std::move(near_ssl)),
          .far = {.layer = std::move(far_layer), .chatter = std::move(update_keys)}};
}

}  // namespace spillway::simulation
