#include "daemon/server/admin/origin_check.hpp"

#include <gtest/gtest.h>

namespace spillway::server::admin {
namespace {

TEST(OriginCheck, KnowsLiteralHosts) {
  for (const char* host : {"127.0.0.1", "127.0.0.1:9464", "10.0.0.5:80", "[::1]", "[::1]:9464",
                           "localhost", "localhost:9464", "0.0.0.0:1"}) {
    EXPECT_TRUE(is_literal_host(host)) << host;
  }
  for (const char* host : {"", ":9464", "example.com", "127.0.0.1.example.com", "localhost.evil",
                           "[", "[]", "[evil]:1", "1.2.3", "a:127.0.0.1"}) {
    EXPECT_FALSE(is_literal_host(host)) << host;
  }
}

TEST(OriginCheck, LetsProgramsBy) {
  Request request(http::verb::get, "/", 10);
  EXPECT_FALSE(refusal_of_origin(request));
  request.set(http::field::host, "127.0.0.1");
  EXPECT_FALSE(refusal_of_origin(request));
}

TEST(OriginCheck, RefusesPages) {
  Request request(http::verb::get, "/", 11);
  request.set(http::field::host, "127.0.0.1");
  request.set(http::field::origin, "null");
  EXPECT_TRUE(refusal_of_origin(request));
}

}  // namespace
}  // namespace spillway::server::admin
