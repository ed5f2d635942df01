#include "engine_pair.hpp"

#include <gtest/gtest.h>

#include <memory>

namespace spillway {
namespace {

using testing::EnginePair;
using testing::PairOptions;

class Resumption : public ::testing::TestWithParam<TlsVersion> {
 protected:
  // Two connections of the same contexts, the second with the first one's session.
  TlsSession second_session(const TlsServerOptions& options) {
    const TlsServerContext server = testing::server_context(options);
    const TlsClientContext client = testing::client_context();
    const PairOptions pair_options{.version = GetParam()};
    EnginePair first(server, client, pair_options);
    first.shake_hands();
    SSL_SESSION* session = SSL_get1_session(first.client_ssl);
    EnginePair second(server, client, pair_options);
    SSL_set_session(second.client_ssl, session);
    SSL_SESSION_free(session);
    second.shake_hands();
    EXPECT_EQ(second.server.status(), LayerStatus::ready) << second.server.failure();
    const auto handshake = second.server.layer().handshake();
    EXPECT_TRUE(handshake);
    EXPECT_EQ(handshake && handshake->resumed, second.server.session().resumed);
    EXPECT_EQ(handshake ? handshake->version : TlsVersion(), GetParam());
    EXPECT_EQ(second.client.session().resumed, second.server.session().resumed);
    return second.server.session();
  }
};

INSTANTIATE_TEST_SUITE_P(Versions, Resumption,
                         ::testing::Values(TlsVersion::tls_1_2, TlsVersion::tls_1_3),
                         testing::version_name);

TEST_P(Resumption, by_ticket_is_reported) {
  const TlsSession session = second_session({});
  EXPECT_TRUE(session.resumed);
  EXPECT_EQ(session.server_name, "localhost");
  EXPECT_NE(session.cipher, "");
}

TEST_P(Resumption, does_not_happen_without_tickets) {
  EXPECT_FALSE(second_session({.session_tickets = false}).resumed);
}

}  // namespace
}  // namespace spillway
