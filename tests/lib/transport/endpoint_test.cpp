#include <spillway/endpoint.hpp>

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <stdexcept>
#include <string>

namespace spillway {
namespace {

using ::testing::HasSubstr;

struct Good {
  std::string text;
  Endpoint endpoint;
};

class GoodEndpoint : public ::testing::TestWithParam<Good> {};

TEST_P(GoodEndpoint, IsReadAndWrittenBack) {
  const auto parsed = parse_endpoint(GetParam().text);
  ASSERT_TRUE(parsed) << parsed.error().message;
  EXPECT_EQ(*parsed, GetParam().endpoint);
  EXPECT_EQ(to_string(*parsed), GetParam().text);
}

INSTANTIATE_TEST_SUITE_P(
    Endpoint, GoodEndpoint,
    ::testing::Values(Good{"localhost:80", HostPort{"localhost", 80}},
                      Good{"feed.example.com:7443", HostPort{"feed.example.com", 7443}},
                      Good{"feed.example.com.:1", HostPort{"feed.example.com.", 1}},
                      Good{"with_underscore-dash:1", HostPort{"with_underscore-dash", 1}},
                      Good{"1.2.3.4:65535", HostPort{"1.2.3.4", 65535}},
                      Good{"0.0.0.0:0", HostPort{"0.0.0.0", 0}},
                      Good{"1e100.net:443", HostPort{"1e100.net", 443}},
                      Good{"[::1]:7007", HostPort{"::1", 7007}}, Good{"[::]:0", HostPort{"::", 0}},
                      Good{"[fe80::1%eth0]:1", HostPort{"fe80::1%eth0", 1}},
                      Good{"[::ffff:1.2.3.4]:1", HostPort{"::ffff:1.2.3.4", 1}},
                      Good{"unix:/run/feed.sock", UnixPath{"/run/feed.sock"}},
                      Good{"unix:relative/a b:c", UnixPath{"relative/a b:c"}},
                      Good{"unix:" + std::string(107, 'x'), UnixPath{std::string(107, 'x')}}));

struct Bad {
  std::string text;
  std::string words;
};

class BadEndpoint : public ::testing::TestWithParam<Bad> {};

TEST_P(BadEndpoint, IsRefusedWithAMend) {
  const auto parsed = parse_endpoint(GetParam().text);
  ASSERT_FALSE(parsed);
  EXPECT_THAT(parsed.error().message, HasSubstr(GetParam().words));
}

INSTANTIATE_TEST_SUITE_P(
    Endpoint, BadEndpoint,
    ::testing::Values(
        Bad{"", "is empty"}, Bad{"7007", "\"7007\" has no port; write HOST:PORT"},
        Bad{"localhost", "has no port"}, Bad{":7007", "has no host; write 0.0.0.0 or [::]"},
        Bad{"*:7007", "instead of *"}, Bad{"7007:80", "has a number as its host"},
        Bad{"localhost:", "needs a port from 0 to 65535"}, Bad{"localhost:65536", "needs a port"},
        Bad{"localhost:-1", "needs a port"}, Bad{"localhost:+1", "needs a port"},
        Bad{"localhost:80 ", "needs a port"}, Bad{"localhost:http", "needs a port"},
        Bad{" localhost:80", "\" \" cannot be part of a host"},
        Bad{"1.2.3:80", "\"1.2.3\" is not an IPv4 address"},
        Bad{"1.2.3.256:80", "is not an IPv4 address"}, Bad{"a..b:80", "is not a host name"},
        Bad{"-a:80", "is not a host name"}, Bad{".:80", "is not an IPv4 address"},
        Bad{std::string(64, 'a') + ":80", "is not a host name"}, Bad{"::1:80", "in brackets"},
        Bad{"a:b:80", "more than one colon"}, Bad{"tcp://a:80", "is a URL"},
        Bad{"[::1]", "has no port; write [ADDRESS]:PORT"}, Bad{"[::1]80", "has no port"},
        Bad{"[::1:80", "lacks the closing bracket"}, Bad{"[]:80", "no IPv6 address"},
        Bad{"[1.2.3.4]:80", "no IPv6 address"}, Bad{"[localhost]:80", "no IPv6 address"},
        Bad{"[fe80::1%]:80", "no IPv6 address"}, Bad{"[::1]:99999", "needs a port"},
        Bad{"unix:", "has no path"},
        Bad{"unix:" + std::string(108, 'x'), "at most 107 bytes, this one has 108"},
        Bad{std::string("unix:/a\0b", 9), "NUL byte"}, Bad{"\x01\x7f", "\"??\" has no port"}));

TEST(EndpointError, ShowsOnlyTheStartOfALongText) {
  const auto parsed = parse_endpoint(std::string(100'000, 'x'));
  ASSERT_FALSE(parsed);
  EXPECT_LT(parsed.error().message.size(), 300U);
}

TEST(EndpointError, BecomesAnExceptionWhereAValueIsAskedFor) {
  EXPECT_THROW(parse_endpoint("nowhere").value(), std::invalid_argument);
}

}  // namespace
}  // namespace spillway
