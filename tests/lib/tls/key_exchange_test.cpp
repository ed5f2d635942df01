#include "engine_pair.hpp"

#include <gtest/gtest.h>

#include <array>
#include <cstddef>

namespace spillway {
namespace {

using testing::EnginePair;

class KeyExchange : public ::testing::TestWithParam<TlsVersion> {};

INSTANTIATE_TEST_SUITE_P(Versions, KeyExchange,
                         ::testing::Values(TlsVersion::tls_1_2, TlsVersion::tls_1_3),
                         testing::version_name);

// Some 400 bytes for each side of each open connection, which only the handshake needed.
TEST_P(KeyExchange, is_forgotten_after_the_handshake) {
  EnginePair pair({.version = GetParam()});
  pair.shake_hands();
  for (SSL* ssl : {pair.client_ssl, pair.server_ssl}) {
    EVP_PKEY* key = nullptr;
    if (SSL_get_tmp_key(ssl, &key) != 1) continue;
    const tls::KeyPtr held(key);
    std::array<unsigned char, 64> raw{};
    std::size_t size = raw.size();
    EXPECT_NE(EVP_PKEY_get_raw_private_key(key, raw.data(), &size), 1);
    size = raw.size();
    EXPECT_NE(EVP_PKEY_get_raw_public_key(key, raw.data(), &size), 1);
  }
}

}  // namespace
}  // namespace spillway
