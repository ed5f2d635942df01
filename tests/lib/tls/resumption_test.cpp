#include "engine_pair.hpp"

#include <gtest/gtest.h>

#include <memory>
#include <utility>
#include <vector>

namespace spillway {
namespace {

using testing::EnginePair;
using testing::PairOptions;

using SessionPtr = std::unique_ptr<SSL_SESSION, tls::Freed<SSL_SESSION_free>>;

class Resumption : public ::testing::TestWithParam<TlsVersion> {
 protected:
  // A connection of the same contexts as all of the test, with an earlier one's session.
  TlsSession connect(SSL_SESSION* with) {
    const PairOptions options{.version = GetParam()};
    EnginePair& pair = *pairs.emplace_back(std::make_unique<EnginePair>(server, client, options));
    if (with != nullptr) SSL_set_session(pair.client_ssl, with);
    pair.shake_hands();
    EXPECT_EQ(pair.server.status(), LayerStatus::ready) << pair.server.failure();
    const auto handshake = pair.server.layer().handshake();
    EXPECT_TRUE(handshake);
    EXPECT_EQ(handshake && handshake->resumed, pair.server.session().resumed);
    EXPECT_EQ(handshake ? handshake->version : TlsVersion(), GetParam());
    EXPECT_EQ(pair.client.session().resumed, pair.server.session().resumed);
    last.reset(SSL_get1_session(pair.client_ssl));
    return pair.server.session();
  }

  TlsServerContext server = testing::server_context({});
  TlsClientContext client = testing::client_context();
  // OpenSSL resumes no session of a connection that went without a goodbye.
  std::vector<std::unique_ptr<EnginePair>> pairs;
  SessionPtr last;
};

INSTANTIATE_TEST_SUITE_P(Versions, Resumption,
                         ::testing::Values(TlsVersion::tls_1_2, TlsVersion::tls_1_3),
                         testing::version_name);

TEST_P(Resumption, by_ticket_is_reported) {
  EXPECT_FALSE(connect(nullptr).resumed);
  const TlsSession session = connect(last.get());
  EXPECT_TRUE(session.resumed);
  EXPECT_EQ(session.server_name, "localhost");
  EXPECT_NE(session.cipher, "");
}

// A handshake ends with one ticket: it must serve a client that opens several connections at once.
TEST_P(Resumption, serves_several_connections_with_one_ticket) {
  connect(nullptr);
  const SessionPtr session = std::move(last);
  EXPECT_TRUE(connect(session.get()).resumed);
  EXPECT_TRUE(connect(session.get()).resumed);
}

TEST_P(Resumption, brings_the_next_ticket) {
  connect(nullptr);
  for (int i = 0; i < 3; ++i) {
    const SessionPtr session = std::move(last);
    EXPECT_TRUE(connect(session.get()).resumed);
  }
}

TEST_P(Resumption, does_not_happen_without_tickets) {
  server = testing::server_context({.session_tickets = false});
  connect(nullptr);
  const SessionPtr session = std::move(last);
  EXPECT_FALSE(connect(session.get()).resumed);
}

}  // namespace
}  // namespace spillway
