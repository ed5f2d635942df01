#include "daemon/config/print.hpp"

#include "daemon/config/print_framing.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

namespace spillway::config {
namespace {

using testing::HasSubstr;
using testing::Not;

constexpr std::size_t gib = std::size_t{1} << 30U;

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
  feed.framing = DelimiterFraming{"\r\n"};
  feed.max_message = 128U * 1024;
  feed.to_client.policy = OverflowPolicy::drop_oldest;
  feed.to_client.queue = 1U << 20U;
  feed.to_client.queue_messages = 500;
  feed.to_client.stall_timeout = std::chrono::minutes(1);
  feed.to_client.max_age = std::chrono::seconds(5);
  feed.limits.connections = 100;
  return config;
}

std::string printed(const Config& config, std::optional<MachineMemory> memory = std::nullopt) {
  return print(config, "spillway.yaml", memory);
}

TEST(Print, ShowsEachRouteAndWhatItCanCost) {
  EXPECT_EQ(printed(two_routes()),
            "route \"echo\": 127.0.0.1:7007, plain TCP -> echo\n"
            "  framing: none\n"
            "  to_client: pause, queue 64KiB\n"
            "  memory: at most 628KiB of data per session, 6GiB in 10000 sessions\n"
            "route \"feed\": 0.0.0.0:7443, [::]:7443, TLS 1.3+ (/etc/feed.crt) -> "
            "unix:/run/feed.sock\n"
            "  framing: {delimiter: \"\\r\\n\"}, max_message 128KiB\n"
            "  to_client: drop_oldest, queue 1MiB, queue_messages 500, stall_timeout 1m, max_age "
            "5s\n"
            "  to_upstream: pause, queue 64KiB\n"
            "  memory: at most 2.4MiB of data per session, 230.5MiB in 100 sessions\n"
            "all routes: at most 6.3GiB in 10100 sessions\n"
            "spillway.yaml: ok\n");
}

TEST(Print, ShowsWhenAPeerIsSlowWhereThatIsNotTheDefault) {
  Config config = two_routes();
  config.routes[0].notsent_lowat = 0;
  config.routes[1].notsent_lowat = 128U * 1024;
  config.routes[1].to_client.slow_after = std::chrono::milliseconds(250);
  config.routes[1].to_upstream.slow_after = std::chrono::seconds(5);
  const std::string text = printed(config);
  EXPECT_THAT(text, HasSubstr("  framing: none\n"
                              "  notsent_lowat: 0B\n"
                              "  to_client: pause, queue 64KiB\n"));
  EXPECT_THAT(text, HasSubstr("max_message 128KiB\n"
                              "  notsent_lowat: 128KiB\n"));
  EXPECT_THAT(text, HasSubstr("max_age 5s, slow_after 250ms\n"
                              "  to_upstream: pause, queue 64KiB, slow_after 5s\n"));
}

TEST(Print, SaysWhereNothingLimitsTheSessions) {
  Config config = two_routes();
  config.limits.connections = 0;
  config.routes[0].limits.connections = 0;
  const std::string text = printed(config);
  EXPECT_THAT(text, HasSubstr("628KiB of data per session, no bound: set limits.connections\n"));
  EXPECT_THAT(text, HasSubstr("all routes: no bound: set limits.connections\n"));
  EXPECT_THAT(text, HasSubstr("230.5MiB in 100 sessions\n"));
}

TEST(Print, WarnsWhereQueuesCanPassTheLimitOfMemory) {
  Config config = two_routes();
  config.limits.memory = gib;
  const std::string text = printed(config);
  EXPECT_THAT(text, HasSubstr("\nwarning: the queues can come to hold 3.2GiB, more than "
                              "`limits.memory` (1GiB): when they do, the sessions that hold most "
                              "are closed with reason `memory`\nspillway.yaml: ok\n"));
  config.limits.memory = 4 * gib;
  EXPECT_THAT(printed(config), Not(HasSubstr("warning")));
}

TEST(Print, WarnsWhereSessionsCanPassTheMemoryThereIs) {
  using Owner = MachineMemory::Owner;
  const Config config = two_routes();
  EXPECT_THAT(printed(config, MachineMemory{4 * gib, Owner::machine}),
              HasSubstr("\nwarning: the sessions can come to hold 6.3GiB, more than the memory of "
                        "this machine (4GiB): lower `limits.connections`, the queues or "
                        "`limits.memory`\nspillway.yaml: ok\n"));
  EXPECT_THAT(printed(config, MachineMemory{4 * gib, Owner::cgroup}),
              HasSubstr("memory of this cgroup (4GiB)"));
  EXPECT_THAT(printed(config, MachineMemory{7 * gib, Owner::machine}), Not(HasSubstr("warning")));
}

TEST(Print, WarnsOfEveryLimitWhereThereIsNoBound) {
  Config config = two_routes();
  config.limits.connections = 0;
  config.limits.memory = gib;
  config.routes[0].limits.connections = 0;
  const std::string text = printed(config, MachineMemory{gib, MachineMemory::Owner::machine});
  EXPECT_THAT(text, HasSubstr("warning: the queues can come to hold any amount, more than"));
  EXPECT_THAT(text, HasSubstr("warning: the sessions can come to hold any amount, more than the "
                              "memory of this machine (1GiB): set `limits.connections`\n"));
}

TEST(PrintFraming, IsWhatTheFileTakes) {
  using std::string_literals::operator""s;
  EXPECT_EQ(print_framing(NoFraming{}), "none");
  EXPECT_EQ(print_framing(LineFraming{}), "line");
  EXPECT_EQ(print_framing(FixedFraming{188}), "{fixed: 188}");
  EXPECT_EQ(print_framing(LengthPrefixFraming{2, ByteOrder::little, true}),
            "{length_prefix: {bytes: 2, endian: little, includes_header: true}}");
  EXPECT_EQ(print_framing(DelimiterFraming{"\x03\0\t\"\\n\xFF;"s}),
            R"({delimiter: "\x03\x00\t\"\\n\xFF;"})");
}

TEST(Print, WarnsOfAnAdminAddressThatOthersReach) {
  Config config = two_routes();
  EXPECT_THAT(printed(config), Not(HasSubstr("admin")));
  for (const Endpoint& local :
       std::vector<Endpoint>{HostPort{"127.0.0.1", 1}, HostPort{"127.9.9.9", 1}, HostPort{"::1", 1},
                             HostPort{"localhost", 1}, UnixPath{"/run/admin.sock"}}) {
    config.admin.listen = local;
    EXPECT_THAT(printed(config), HasSubstr("admin: " + to_string(local) + '\n'));
    EXPECT_THAT(printed(config), Not(HasSubstr("warning: whoever"))) << to_string(local);
  }
  for (const char* host : {"0.0.0.0", "10.0.0.1", "::", "128.0.0.1", "::ffff:127.0.0.1"}) {
    config.admin.listen = HostPort{host, 1};
    EXPECT_THAT(printed(config), HasSubstr("warning: whoever reaches `admin.listen`")) << host;
  }
}

}  // namespace
}  // namespace spillway::config
