#include "engine_pair.hpp"
#include "tls/pem.hpp"

#include <spillway/tls/self_signed.hpp>

#include <gtest/gtest.h>

#include <ctime>
#include <stdexcept>

namespace spillway {
namespace {

tls::X509Ptr parse(const CertificateAndKey& made) {
  return std::move(tls::parse_certificates(made.certificate_pem).value().front());
}

TEST(SelfSigned, is_for_the_names_and_addresses_asked_for) {
  const auto certificate = parse(make_self_signed({.common_name = "feed",
                                                   .dns_names = {"feed.example.com", "b,DNS:evil"},
                                                   .ip_addresses = {"192.0.2.7", "2001:db8::7"}}));
  X509* x509 = certificate.get();
  EXPECT_EQ(X509_check_host(x509, "feed.example.com", 0, 0, nullptr), 1);
  EXPECT_EQ(X509_check_ip_asc(x509, "192.0.2.7", 0), 1);
  EXPECT_EQ(X509_check_ip_asc(x509, "2001:db8::7", 0), 1);
  EXPECT_EQ(X509_check_host(x509, "localhost", 0, 0, nullptr), 0);
  EXPECT_EQ(X509_check_host(x509, "evil", 0, 0, nullptr), 0);
  EXPECT_EQ(X509_check_ip_asc(x509, "127.0.0.1", 0), 0);
}

TEST(SelfSigned, is_valid_now_and_as_long_as_asked_for) {
  const auto certificate = parse(make_self_signed({.valid_for = std::chrono::hours(49)}));
  EXPECT_EQ(X509_cmp_current_time(X509_get0_notBefore(certificate.get())), -1);
  const std::time_t now = std::time(nullptr);
  std::time_t before = now + 48 * 3600;
  std::time_t after = now + 50 * 3600;
  EXPECT_EQ(X509_cmp_time(X509_get0_notAfter(certificate.get()), &before), 1);
  EXPECT_EQ(X509_cmp_time(X509_get0_notAfter(certificate.get()), &after), -1);
}

TEST(SelfSigned, is_of_version_3_with_its_own_serial_number) {
  const auto one = parse(make_self_signed());
  const auto other = parse(make_self_signed());
  EXPECT_EQ(X509_get_version(one.get()), X509_VERSION_3);
  EXPECT_NE(
      ASN1_INTEGER_cmp(X509_get0_serialNumber(one.get()), X509_get0_serialNumber(other.get())), 0);
  EXPECT_LE(ASN1_STRING_length(X509_get0_serialNumber(one.get())), 20);
}

TEST(SelfSigned, may_be_for_no_name_at_all) {
  EXPECT_TRUE(TlsServerContext::create(
      {.certificates = {make_self_signed({.dns_names = {}, .ip_addresses = {}})}}));
}

TEST(SelfSigned, refuses_what_is_no_address_or_no_name) {
  EXPECT_THROW(make_self_signed({.ip_addresses = {"localhost"}}), std::invalid_argument);
  EXPECT_THROW(make_self_signed({.common_name = std::string(65, 'x')}), std::invalid_argument);
}

}  // namespace
}  // namespace spillway
