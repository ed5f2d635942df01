#include "engine_pair.hpp"
#include "material.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

namespace spillway {
namespace {

using testing::EnginePair;
using ::testing::HasSubstr;
using testing::PairOptions;
using ::testing::StartsWith;

std::string refusal(const TlsClientOptions& options) {
  const auto context = TlsClientContext::create(options);
  return context ? "" : context.error().message;
}

std::string refused_name(const std::string& name) {
  const auto layer = make_tls_client_layer(testing::client_context(), name);
  return layer ? "" : layer.error().message;
}

TEST(ClientContext, trusts_the_system_by_default) { EXPECT_EQ(refusal({}), ""); }

TEST(ClientContext, refuses_trust_in_nothing_readable) {
  EXPECT_THAT(refusal({.trusted_pem = "certainly"}),
              StartsWith("trusted certificates: no certificate found"));
  EXPECT_THAT(refusal({.trusted_pem = testing::localhost_certificate().key_pem}),
              HasSubstr("but a private key"));
}

TEST(ClientContext, takes_the_same_certificate_twice) {
  const std::string& pem = testing::localhost_certificate().certificate_pem;
  EXPECT_EQ(refusal({.trusted_pem = pem + pem}), "");
}

TEST(ClientContext, trusts_a_listed_intermediate_without_its_root) {
  const testing::Hierarchy hierarchy = testing::make_hierarchy();
  PairOptions options;
  options.server.certificates = {hierarchy.server};
  options.client.trusted_pem = hierarchy.intermediate_pem;
  EnginePair pair(options);
  pair.shake_hands();
  EXPECT_EQ(pair.client.status(), LayerStatus::ready) << pair.client.failure();
}

TEST(ClientLayer, verifies_an_address_and_does_not_send_it_as_a_name) {
  for (const char* address : {"127.0.0.1", "::1"}) {
    EnginePair pair({.server_name = address});
    pair.shake_hands();
    EXPECT_EQ(pair.client.status(), LayerStatus::ready) << pair.client.failure();
    EXPECT_EQ(pair.server.session().server_name, "");
    EXPECT_EQ(pair.client.session().server_name, "");
  }
}

TEST(ClientLayer, takes_a_name_with_the_dot_of_the_root) {
  EnginePair pair({.server_name = "localhost."});
  pair.shake_hands();
  EXPECT_EQ(pair.client.status(), LayerStatus::ready) << pair.client.failure();
  EXPECT_EQ(pair.server.session().server_name, "localhost");
}

TEST(ClientLayer, does_not_verify_against_the_part_of_a_name_before_a_zero_byte) {
  EXPECT_THAT(refused_name(std::string("localhost\0.example.com", 22)), HasSubstr("zero byte"));
}

TEST(ClientLayer, refuses_to_verify_without_a_name) {
  EXPECT_THAT(refused_name(""), HasSubstr("no server name"));
  EXPECT_THAT(refused_name("."), HasSubstr("no server name"));
}

TEST(ClientLayer, refuses_a_name_that_is_too_long) {
  EXPECT_THAT(refused_name(std::string(256, 'x')), HasSubstr("is refused"));
}

TEST(ClientLayer, needs_no_name_where_nothing_is_verified) {
  const auto context = TlsClientContext::create({.insecure_skip_verify = true}).value();
  EXPECT_TRUE(make_tls_client_layer(context, ""));
}

// The public way to a pair of layers, as the rest of the tests go the internal one.
TEST(Layers, of_the_public_factories_understand_each_other) {
  testing::Side client(make_tls_client_layer(testing::client_context(), "localhost").value());
  testing::Side server(make_tls_server_layer(testing::server_context()));
  client.set_up();
  server.set_up();
  for (int flight = 0; flight < 4; ++flight) {
    server.receive(client.take_wire());
    client.receive(server.take_wire());
  }
  EXPECT_EQ(client.status(), LayerStatus::ready);
  EXPECT_EQ(server.status(), LayerStatus::ready);
}

}  // namespace
}  // namespace spillway
