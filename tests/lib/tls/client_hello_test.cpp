#include "engine_pair.hpp"

#include <gtest/gtest.h>

namespace spillway {
namespace {

using testing::EnginePair;

// What a server makes of the ClientHello that asks for `name`.
std::string heard(const std::string& name) {
  EnginePair pair;
  SSL_set_tlsext_host_name(pair.client_ssl, name.c_str());
  pair.server.set_up();
  pair.client.set_up();
  pair.server.receive(pair.client.take_wire());
  return pair.server.session().server_name;
}

TEST(ClientHello, tells_the_name_asked_for) {
  EXPECT_EQ(heard("feed.example.com"), "feed.example.com");
  EXPECT_EQ(heard(std::string(255, 'x')), std::string(255, 'x'));
}

TEST(ClientHello, has_no_name_with_bytes_that_no_host_has) {
  EXPECT_EQ(heard("two\nlines"), "");
  EXPECT_EQ(heard("a space"), "");
  EXPECT_EQ(heard("\xc3\xbc"), "");
}

TEST(ClientHello, tells_no_name_before_it_is_whole) {
  EnginePair pair;
  pair.server.set_up();
  pair.client.set_up();
  std::string hello = pair.client.take_wire();
  const char last = hello.back();
  hello.pop_back();
  pair.server.receive(hello);
  EXPECT_EQ(pair.server.session().server_name, "");
  pair.server.receive(std::string(1, last));
  EXPECT_EQ(pair.server.session().server_name, "localhost");
}

// Each byte of the hello spoilt in turn: refused or not, but never anything worse.
TEST(ClientHello, may_be_broken_anywhere) {
  EnginePair original;
  original.client.set_up();
  const std::string hello = original.client.take_wire();
  const TlsServerContext context = testing::server_context();
  for (std::size_t at = 0; at < hello.size(); ++at) {
    for (const char flip : {'\x01', '\xff'}) {
      std::string broken = hello;
      broken[at] = static_cast<char>(broken[at] ^ flip);
      const auto layer = make_tls_server_layer(context);
      ByteBuffer up;
      ByteBuffer down;
      layer->set_up({.up = up, .down = down});
      const LayerStatus status = layer->incoming(as_bytes(broken), {.up = up, .down = down});
      EXPECT_NE(status, LayerStatus::ready);
      EXPECT_EQ(status == LayerStatus::failed, !layer->failure().empty());
      layer->tear_down();
    }
  }
}

}  // namespace
}  // namespace spillway
