#include "engine_pair.hpp"
#include "material.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <chrono>
#include <stdexcept>

namespace spillway {
namespace {

using ::testing::HasSubstr;
using ::testing::StartsWith;

std::string refusal(std::vector<CertificateAndKey> certificates) {
  const auto context = TlsServerContext::create({.certificates = std::move(certificates)});
  return context ? "" : context.error().message;
}

const CertificateAndKey& good() { return testing::localhost_certificate(); }

std::string refused_certificate(std::string pem) {
  return refusal({{.certificate_pem = std::move(pem), .key_pem = good().key_pem}});
}

std::string refused_key(std::string pem) {
  return refusal({{.certificate_pem = good().certificate_pem, .key_pem = std::move(pem)}});
}

// `pem` with one character in its middle that base64 does not have.
std::string damaged(std::string pem) {
  pem[pem.size() / 2] = '!';
  return pem;
}

TEST(ServerContext, takes_every_usual_kind_of_key) {
  EXPECT_EQ(refusal({good()}), "");
  EXPECT_EQ(refusal({testing::rsa_certificate()}), "");
  EXPECT_EQ(refusal({good(), testing::rsa_certificate()}), "");
  EXPECT_EQ(refused_key(testing::traditional_key(good().key_pem)), "");
}

TEST(ServerContext, takes_certificate_and_key_from_one_text) {
  const std::string both = good().key_pem + good().certificate_pem;
  EXPECT_EQ(refusal({{.certificate_pem = both, .key_pem = both}}), "");
}

TEST(ServerContext, takes_text_around_the_pem) {
  EXPECT_EQ(
      refused_certificate("subject=CN = localhost\r\n\r\n" + good().certificate_pem + "\n#\n"), "");
}

TEST(ServerContext, tells_each_certificates_subject_and_end) {
  const auto both = TlsServerContext::create(
      {.certificates = {testing::expired_certificate(), testing::rsa_certificate()}});
  ASSERT_TRUE(both);
  const auto now = std::chrono::system_clock::now();
  ASSERT_EQ(both->certificates().size(), 2U);
  EXPECT_LT(both->certificates()[0].not_after, now);
  EXPECT_GT(both->certificates()[0].not_after, now - std::chrono::years(100));
  EXPECT_GT(both->certificates()[1].not_after, now);
  EXPECT_LT(both->certificates()[1].not_after, now + std::chrono::years(100));
  EXPECT_EQ(both->certificates()[1].subject, "CN=rsa");
}

// It is an error for clients, who see it; the server starts and can be given a new one.
TEST(ServerContext, takes_an_expired_certificate) {
  EXPECT_EQ(refusal({testing::expired_certificate()}), "");
}

TEST(ServerContext, needs_a_certificate) {
  EXPECT_THAT(refusal({}), StartsWith("no certificate: "));
}

TEST(ServerContext, says_what_it_found_instead_of_a_certificate) {
  EXPECT_EQ(refused_certificate(" \n"), "no certificate found: the text is empty");
  EXPECT_EQ(refused_certificate("binary \x01 or words"),
            "no certificate found: a line \"-----BEGIN CERTIFICATE-----\" is missing");
  EXPECT_EQ(refused_certificate(good().key_pem),
            "no certificate found, but a private key: are certificate and key swapped?");
  EXPECT_EQ(refused_certificate(testing::public_key(good().key_pem)),
            "no certificate found, but a public key: the private one is needed");
  EXPECT_EQ(refused_certificate(testing::certificate_request(good().key_pem)),
            "no certificate found, but a certificate request: it has to be signed first");
  EXPECT_THAT(refused_certificate(testing::der_of_certificate(good().certificate_pem)),
              HasSubstr("DER, not PEM; convert it with \"openssl x509 -inform der\""));
}

TEST(ServerContext, says_what_it_found_instead_of_a_key) {
  EXPECT_EQ(refused_key(""), "no private key found: the text is empty");
  EXPECT_EQ(refused_key("open sesame"),
            "no private key found: a line \"-----BEGIN PRIVATE KEY-----\" is missing");
  EXPECT_EQ(refused_key(good().certificate_pem),
            "no private key found, but a certificate: are certificate and key swapped?");
  EXPECT_EQ(refused_key(testing::public_key(good().key_pem)),
            "no private key found, but a public key: the private one is needed");
  EXPECT_THAT(refused_key(testing::der_of_key(good().key_pem)),
              HasSubstr("DER, not PEM; convert it with \"openssl pkey -inform der\""));
}

TEST(ServerContext, refuses_an_encrypted_key) {
  EXPECT_THAT(refused_key(testing::encrypted_key(good().key_pem)),
              StartsWith("the private key is encrypted, and there is nobody to ask"));
}

TEST(ServerContext, refuses_a_key_of_another_certificate) {
  const CertificateAndKey& rsa = testing::rsa_certificate();
  EXPECT_THAT(refused_key(testing::expired_certificate().key_pem),
              StartsWith("the private key does not match the certificate"));
  EXPECT_THAT(refused_key(rsa.key_pem), StartsWith("the private key does not match"));
}

TEST(ServerContext, refuses_a_chain_in_the_wrong_order) {
  testing::Hierarchy hierarchy = testing::make_hierarchy();
  hierarchy.server.certificate_pem = hierarchy.intermediate_pem + hierarchy.server.certificate_pem;
  EXPECT_THAT(refusal({hierarchy.server}), HasSubstr("certificate comes first"));
}

TEST(ServerContext, refuses_damage) {
  EXPECT_EQ(refused_certificate(damaged(good().certificate_pem)),
            "certificate 1 of the text is damaged: bad base64 decode");
  EXPECT_EQ(refused_certificate(good().certificate_pem + damaged(good().certificate_pem)),
            "certificate 2 of the text is damaged: bad base64 decode");
  EXPECT_THAT(refused_key(damaged(good().key_pem)), StartsWith("the private key is damaged"));
  const std::string& pem = good().certificate_pem;
  EXPECT_THAT(refused_certificate(pem.substr(0, pem.size() / 2)),
              StartsWith("certificate 1 of the text is damaged"));
}

TEST(ServerContext, refuses_a_key_that_is_too_weak) {
  EXPECT_EQ(refusal({testing::rsa_certificate(1024)}),
            "the certificate is refused: ee key too small");
}

TEST(ServerContext, refuses_two_certificates_with_the_same_type_of_key) {
  EXPECT_EQ(refusal({good(), testing::expired_certificate()}),
            "certificate 2: an earlier certificate has the same type of key: give one per type");
}

TEST(ServerContext, names_the_certificate_at_fault_among_several) {
  EXPECT_THAT(refusal({good(), {.certificate_pem = "", .key_pem = ""}}),
              StartsWith("certificate 2: no certificate found"));
}

TEST(ServerContext, refuses_versions_that_leave_none) {
  const auto context = TlsServerContext::create({.certificates = {good()},
                                                 .min_version = TlsVersion::tls_1_3,
                                                 .max_version = TlsVersion::tls_1_2});
  ASSERT_FALSE(context);
  EXPECT_THAT(context.error().message, HasSubstr("no version is left"));
}

TEST(ServerContext, tells_what_to_look_at) {
  const auto subject = [](const std::vector<CertificateAndKey>& certificates) {
    return TlsServerContext::create({.certificates = certificates}).error().subject;
  };
  EXPECT_EQ(subject({}), TlsError::Subject::settings);
  EXPECT_EQ(subject({{.certificate_pem = "", .key_pem = good().key_pem}}),
            TlsError::Subject::certificate);
  EXPECT_EQ(subject({{.certificate_pem = good().certificate_pem, .key_pem = ""}}),
            TlsError::Subject::key);
  EXPECT_EQ(subject({good(),
                     {.certificate_pem = good().certificate_pem,
                      .key_pem = testing::rsa_certificate().key_pem}}),
            TlsError::Subject::key);
}

TEST(ServerContext, throws_its_words_where_nobody_looks_at_the_error) {
  try {
    TlsServerContext::create({}).value();
    FAIL();
  } catch (const std::runtime_error& error) {
    EXPECT_THAT(error.what(), HasSubstr("a TLS server needs at least one"));
  }
}

}  // namespace
TEST(ServerContext, tells_what_its_certificates_say_of_themselves) {
  const auto context = testing::server_context();
  ASSERT_EQ(context.certificates().size(), 1U);
  EXPECT_THAT(context.certificates()[0].subject, HasSubstr("CN=localhost"));
  EXPECT_GT(context.certificates()[0].not_after, std::chrono::system_clock::now());
  EXPECT_LT(context.certificates()[0].not_before, std::chrono::system_clock::now());
  EXPECT_EQ(read_certificate_info(good().certificate_pem).value(), context.certificates()[0]);
}

TEST(ServerContext, tells_when_a_certificate_ceased_to_be_valid) {
  const auto info = read_certificate_info(testing::expired_certificate().certificate_pem);
  EXPECT_LT(info.value().not_after, std::chrono::system_clock::now());
}

TEST(ServerContext, has_the_certificates_of_another_if_all_are_the_same) {
  const auto one = testing::server_context({.certificates = {good()}});
  EXPECT_TRUE(one.has_certificates_of(
      testing::server_context({.certificates = {good()}, .min_version = TlsVersion::tls_1_3})));
  EXPECT_FALSE(one.has_certificates_of(
      testing::server_context({.certificates = {testing::rsa_certificate()}})));
  EXPECT_FALSE(one.has_certificates_of(
      testing::server_context({.certificates = {good(), testing::rsa_certificate()}})));
}

TEST(ServerContext, has_other_certificates_with_another_chain) {
  const testing::Hierarchy made = testing::make_hierarchy();
  CertificateAndKey without_chain = made.server;
  without_chain.certificate_pem.erase(
      without_chain.certificate_pem.find("-----BEGIN CERTIFICATE-----", 1));
  EXPECT_FALSE(
      testing::server_context({.certificates = {made.server}})
          .has_certificates_of(testing::server_context({.certificates = {without_chain}})));
}

}  // namespace spillway
