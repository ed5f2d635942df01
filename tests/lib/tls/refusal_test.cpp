#include "engine_pair.hpp"
#include "material.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

namespace spillway {
namespace {

using ::testing::AnyOf;
using testing::EnginePair;
using ::testing::HasSubstr;
using testing::PairOptions;
using ::testing::StartsWith;

constexpr char alert_record = 0x15;

// What is wrong with the client's first bytes, as the server puts it.
struct NotTls {
  std::string name;
  std::string bytes;
  std::string words;
};

class FirstBytes : public ::testing::TestWithParam<NotTls> {};

INSTANTIATE_TEST_SUITE_P(
    OfOtherProtocols, FirstBytes,
    ::testing::Values(
        NotTls{"http", "GET / HTTP/1.1\r\n\r\n", "the peer does not speak TLS: http request"},
        NotTls{"http_proxy", "CONNECT a:1 HTTP/1.1\r\n\r\n",
               "the peer does not speak TLS: https proxy request"},
        NotTls{"text", "hello, is there anybody?\n",
               "the peer does not speak TLS: wrong version number"},
        NotTls{"zeros", std::string(64, '\0'), "the peer does not speak TLS: "},
        NotTls{"ones", std::string(64, '\xff'), "the peer does not speak TLS: "},
        NotTls{"data_record", std::string("\x17\x03\x03\x00\x04oops", 9),
               "the peer does not speak TLS: "},
        NotTls{"oversized_record", std::string("\x16\x03\x01\xff\xff", 5) + std::string(64, 'x'),
               "the peer does not speak TLS: "},
        NotTls{"wrong_message", std::string("\x16\x03\x01\x00\x04\x02\x00\x00\x00", 9),
               "the peer does not speak TLS: "},
        NotTls{"broken_hello", std::string("\x16\x03\x01\x00\x06\x01\x00\x00\x02\x03\x03", 11),
               "length"}),
    [](const ::testing::TestParamInfo<NotTls>& bytes) { return bytes.param.name; });

TEST_P(FirstBytes, fail_the_server_with_words) {
  EnginePair pair;
  pair.server.set_up();
  EXPECT_EQ(pair.server.receive(GetParam().bytes), LayerStatus::failed);
  EXPECT_THAT(pair.server.failure(), HasSubstr(GetParam().words));
}

TEST_P(FirstBytes, fail_the_server_also_one_at_a_time) {
  EnginePair pair;
  pair.server.set_up();
  for (std::size_t i = 0; i < GetParam().bytes.size(); ++i) {
    if (pair.server.receive(GetParam().bytes.substr(i, 1)) == LayerStatus::failed) break;
  }
  EXPECT_EQ(pair.server.status(), LayerStatus::failed);
  EXPECT_THAT(pair.server.failure(), HasSubstr(GetParam().words));
}

TEST(Refusal, of_a_server_that_does_not_speak_tls) {
  EnginePair pair;
  pair.client.set_up();
  EXPECT_EQ(pair.client.receive("220 mail.example.com ESMTP\r\n"), LayerStatus::failed);
  EXPECT_EQ(pair.client.failure(), "the peer does not speak TLS: wrong version number");
}

// SC-27: what a failing layer emitted is there before it says `failed`.
TEST(Refusal, puts_the_alert_into_the_output) {
  PairOptions options;
  options.server.alpn = {"feed/1"};
  options.client.alpn = {"chat/1"};
  EnginePair pair(options);
  pair.server.set_up();
  pair.client.set_up();
  EXPECT_EQ(pair.server.receive(pair.client.take_wire()), LayerStatus::failed);
  EXPECT_EQ(pair.server.failure(), "no ALPN protocol in common: no application protocol");
  const std::string wire = pair.server.take_wire();
  ASSERT_FALSE(wire.empty());
  EXPECT_EQ(wire.front(), alert_record);
  EXPECT_EQ(pair.client.receive(wire), LayerStatus::failed);
  EXPECT_EQ(pair.client.failure(), "alert received: no application protocol");
}

TEST(Refusal, of_a_version_that_is_too_old_knows_the_name_asked_for) {
  EnginePair pair;
  SSL_set_security_level(pair.client_ssl, 0);
  SSL_set_cipher_list(pair.client_ssl, "DEFAULT@SECLEVEL=0");
  SSL_set_min_proto_version(pair.client_ssl, TLS1_VERSION);
  SSL_set_max_proto_version(pair.client_ssl, TLS1_1_VERSION);
  pair.shake_hands();
  EXPECT_EQ(pair.server.status(), LayerStatus::failed);
  EXPECT_EQ(pair.server.failure(), "no TLS version in common: unsupported protocol");
  EXPECT_EQ(pair.client.failure(), "alert received: protocol version");
  EXPECT_EQ(pair.server.session().server_name, "localhost");
  EXPECT_EQ(pair.server.session().version, "");
}

TEST(Refusal, of_tls_1_2_where_1_3_is_the_minimum) {
  PairOptions options;
  options.server.min_version = TlsVersion::tls_1_3;
  EnginePair pair(options);
  SSL_set_max_proto_version(pair.client_ssl, TLS1_2_VERSION);
  pair.shake_hands();
  EXPECT_EQ(pair.server.failure(), "no TLS version in common: unsupported protocol");
}

TEST(Refusal, of_a_client_without_a_common_cipher) {
  EnginePair pair({.version = TlsVersion::tls_1_2});
  SSL_set_cipher_list(pair.client_ssl, "ECDHE-RSA-AES128-GCM-SHA256");
  pair.shake_hands();
  EXPECT_EQ(pair.server.failure(), "no shared cipher");
  EXPECT_THAT(pair.client.failure(), StartsWith("alert received: handshake failure"));
  EXPECT_EQ(pair.server.session().server_name, "localhost");
}

// No forward secrecy, no session.
TEST(Refusal, of_a_key_exchange_by_rsa) {
  PairOptions options{.version = TlsVersion::tls_1_2};
  options.server.certificates = {testing::rsa_certificate()};
  EnginePair pair(options);
  SSL_set_cipher_list(pair.client_ssl, "AES128-GCM-SHA256");
  pair.shake_hands();
  EXPECT_EQ(pair.server.failure(), "no shared cipher");
}

class Verification : public ::testing::TestWithParam<TlsVersion> {
 protected:
  void expect_refused(PairOptions options, const std::string& words, const std::string& alert) {
    options.version = GetParam();
    EnginePair pair(options);
    pair.shake_hands();
    EXPECT_EQ(pair.client.status(), LayerStatus::failed);
    EXPECT_EQ(pair.client.failure(), words);
    EXPECT_EQ(pair.server.status(), LayerStatus::failed);
    EXPECT_EQ(pair.server.failure(), "alert received: " + alert);
  }
};

INSTANTIATE_TEST_SUITE_P(Versions, Verification,
                         ::testing::Values(TlsVersion::tls_1_2, TlsVersion::tls_1_3),
                         testing::version_name);

TEST_P(Verification, refuses_a_certificate_for_another_name) {
  expect_refused({.server_name = "other.example.com"},
                 "certificate verify failed: hostname mismatch (wanted other.example.com)",
                 "bad certificate");
}

TEST_P(Verification, refuses_a_certificate_for_another_address) {
  expect_refused({.server_name = "192.0.2.1"},
                 "certificate verify failed: IP address mismatch (wanted 192.0.2.1)",
                 "bad certificate");
}

TEST_P(Verification, refuses_a_certificate_that_nobody_vouches_for) {
  PairOptions options;
  options.client.trusted_pem = testing::rsa_certificate().certificate_pem;
  expect_refused(options, "certificate verify failed: self-signed certificate", "unknown ca");
}

TEST_P(Verification, refuses_an_expired_certificate) {
  const CertificateAndKey expired = testing::expired_certificate();
  PairOptions options;
  options.server.certificates = {expired};
  options.client.trusted_pem = expired.certificate_pem;
  expect_refused(options, "certificate verify failed: certificate has expired",
                 "certificate expired");
}

TEST_P(Verification, accepts_anything_once_that_is_spelled_out) {
  PairOptions options{.version = GetParam(), .server_name = ""};
  options.server.certificates = {testing::expired_certificate()};
  options.client.insecure_skip_verify = true;
  EnginePair pair(options);
  pair.shake_hands();
  EXPECT_EQ(pair.client.status(), LayerStatus::ready);
}

class Tampering : public ::testing::TestWithParam<TlsVersion> {};

INSTANTIATE_TEST_SUITE_P(Versions, Tampering,
                         ::testing::Values(TlsVersion::tls_1_2, TlsVersion::tls_1_3),
                         testing::version_name);

TEST_P(Tampering, with_a_record_fails_after_the_good_ones_were_passed_on) {
  EnginePair pair({.version = GetParam()});
  pair.shake_hands();
  pair.client.send("good");
  std::string wire = pair.client.take_wire();
  pair.client.send("evil");
  std::string evil = pair.client.take_wire();
  evil.back() ^= 1;
  EXPECT_EQ(pair.server.receive(wire + evil), LayerStatus::failed);
  EXPECT_EQ(pair.server.take_plain(), "good");
  EXPECT_EQ(pair.server.failure(), "decryption failed or bad record mac");
  EXPECT_TRUE(pair.server.has_wire());
  pair.relay(pair.server, pair.client);
  EXPECT_EQ(pair.client.failure(), "alert received: bad record mac");
}

TEST_P(Tampering, by_plain_text_on_a_ready_connection_fails) {
  EnginePair pair({.version = GetParam()});
  pair.shake_hands();
  EXPECT_EQ(pair.server.receive("GET / HTTP/1.1\r\n\r\n"), LayerStatus::failed);
  // "wrong version number" for OpenSSL 3.0, "bad record type" under TLS 1.3 for later ones.
  EXPECT_THAT(pair.server.failure(),
              AnyOf(HasSubstr("wrong version number"), HasSubstr("bad record type")));
}

// Renegotiation is off: nobody can make a write wait for a read.
TEST(Renegotiation, by_the_client_is_refused_and_the_connection_goes_on) {
  EnginePair pair({.version = TlsVersion::tls_1_2});
  pair.shake_hands();
  SSL_clear_options(pair.client_ssl, SSL_OP_NO_RENEGOTIATION);
  ASSERT_EQ(SSL_renegotiate(pair.client_ssl), 1);
  pair.client.receive("");
  ASSERT_TRUE(pair.client.has_wire());
  EXPECT_EQ(pair.server.receive(pair.client.take_wire()), LayerStatus::ready);
  EXPECT_EQ(testing::count_records(pair.server.take_wire()), 1u);
  EXPECT_EQ(pair.server.send("on"), LayerStatus::ready);
}

}  // namespace
}  // namespace spillway
