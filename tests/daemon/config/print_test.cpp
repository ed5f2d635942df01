#include "daemon/config/print.hpp"

#include <gtest/gtest.h>

namespace spillway::config {
namespace {

Config two_routes() {
  Config config;
  Route& echo = config.routes.emplace_back();
  echo.name = "echo";
  echo.listen = {HostPort{"127.0.0.1", 7007}};
  echo.echo = true;
  Route& feed = config.routes.emplace_back();
  feed.name = "feed";
  feed.listen = {HostPort{"0.0.0.0", 7443}, HostPort{"::", 7443}};
  feed.tls = Tls{};
  feed.tls->certificates = {{"/etc/feed.crt", "/etc/feed.key"}};
  feed.tls->min_version = TlsVersion::tls_1_3;
  feed.upstream = Upstream{};
  feed.upstream->servers = {UnixPath{"/run/feed.sock"}};
  feed.to_client.queue = 1U << 20U;
  return config;
}

TEST(Print, ShowsEachRouteOnALine) {
  EXPECT_EQ(print(two_routes(), "spillway.yaml"),
            "route \"echo\": 127.0.0.1:7007, plain TCP -> echo; to_client: pause, queue 64KiB; at "
            "most 592KiB of data per session\n"
            "route \"feed\": 0.0.0.0:7443, [::]:7443, TLS 1.3+ (/etc/feed.crt) -> "
            "unix:/run/feed.sock; to_client: pause, queue 1MiB; to_upstream: pause, queue 64KiB; "
            "at most 2144KiB of data per session\n"
            "spillway.yaml: ok\n");
}

TEST(Print, WorstCaseIsQueueMessageAndPartlyWrittenSendOfEachPipe) {
  const Config config = two_routes();
  constexpr std::size_t kib = 1024;
  EXPECT_EQ(worst_case_memory(config.routes[0]), (64 + 256 + 272) * kib);
  EXPECT_EQ(worst_case_memory(config.routes[1]), (1024 + 256 + 272 + 64 + 256 + 272) * kib);
}

}  // namespace
}  // namespace spillway::config
