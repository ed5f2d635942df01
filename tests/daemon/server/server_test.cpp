#include "daemon/server/server.hpp"

#include "tests/daemon/support/recorded_log.hpp"

#include <spillway/endpoint.hpp>

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <csignal>
#include <memory>
#include <string>
#include <utility>
#include <vector>

namespace spillway::testing {
namespace {

using server::Server;

config::Route echo(std::string name, std::vector<Endpoint> listen) {
  config::Route route;
  route.name = std::move(name);
  route.listen = std::move(listen);
  route.echo = true;
  return route;
}

class ServerTest : public ::testing::Test {
 protected:
  auto create(std::vector<config::Route> routes) {
    config::Config config;
    config.threads = 3;
    config.routes = std::move(routes);
    return Server::create(std::move(config), contexts_, log_);
  }
  std::unique_ptr<Server> start(std::vector<config::Route> routes) {
    auto created = create(std::move(routes));
    EXPECT_TRUE(created);
    return created ? *std::move(created) : nullptr;
  }
  /// The exit code of a server that gets `signals` as soon as it runs. Its log has the addresses.
  int run_with(Server& server, std::vector<int> signals) {
    log_.on_write = [&signals](const observe::Event& event) {
      if (event.name() != "listening") return;
      for (const int number : std::exchange(signals, {})) std::raise(number);
    };
    return server.run();
  }
  int run_and_stop(Server& server) { return run_with(server, {SIGTERM}); }
  std::vector<std::string> addresses() {
    std::vector<std::string> result;
    for (const auto& event : log_.events) {
      if (event.name() == "listening") result.push_back(value(event, "listen"));
    }
    return result;
  }

  config::TlsContexts contexts_;
  RecordedLog log_;
};

const Endpoint any_port = HostPort{"127.0.0.1", 0};

TEST_F(ServerTest, StopsWithZeroWhenNothingIsLeftToDrain) {
  const auto server = start({echo("a", {any_port})});
  EXPECT_EQ(run_and_stop(*server), 0);
  EXPECT_EQ(log_.count("draining"), 1U);
  EXPECT_EQ(value(log_.only("stopped"), "forced"), "0");
}

TEST_F(ServerTest, TellsEachAddressOnceWithThePortThatItGot) {
  const auto server = start({echo("a", {any_port, any_port}), echo("b", {any_port})});
  run_and_stop(*server);
  ASSERT_EQ(addresses().size(), 3U);
  for (const std::string& address : addresses()) {
    EXPECT_TRUE(address.starts_with("127.0.0.1:"));
    EXPECT_NE(address, "127.0.0.1:0");
  }
}

TEST_F(ServerTest, ReleasesAllAddressesWhenItIsGone) {
  run_and_stop(*start({echo("a", {any_port})}));
  const Endpoint address = *parse_endpoint(addresses().front());
  EXPECT_TRUE(create({echo("again", {address})}));
}

// Several loops share a port (SO_REUSEPORT). A second daemon must not come to share it as well.
TEST_F(ServerTest, RefusesAnAddressThatAnotherDaemonServes) {
  run_and_stop(*start({echo("a", {any_port})}));
  const std::string address = addresses().front();
  const auto first = start({echo("first", {*parse_endpoint(address)})});
  const auto second = create({echo("second", {*parse_endpoint(address)})});
  ASSERT_FALSE(second);
  EXPECT_EQ(second.error().message,
            "route \"second\": cannot listen on " + address + ": Address already in use");
}

TEST_F(ServerTest, StartsAllOrNothing) {
  run_and_stop(*start({echo("a", {any_port, any_port})}));
  const Endpoint free = *parse_endpoint(addresses()[0]);
  const Endpoint taken = *parse_endpoint(addresses()[1]);
  const auto holder = start({echo("holder", {taken})});
  EXPECT_FALSE(create({echo("free", {free}), echo("taken", {taken})}));
  EXPECT_TRUE(create({echo("free", {free})}));
}

TEST_F(ServerTest, NamesTheRouteWhoseCertificateDoesNotLoad) {
  config::Route route = echo("secure", {any_port});
  route.tls = config::Tls{.certificates = {{.cert = "/none.crt", .key = "/none.key"}}};
  const auto server = create({route});
  ASSERT_FALSE(server);
  EXPECT_TRUE(server.error().message.starts_with("route \"secure\": /none.crt"));
}

TEST_F(ServerTest, ReopensTheLogOnUsr1) {
  const auto server = start({echo("a", {any_port})});
  EXPECT_EQ(run_with(*server, {SIGUSR1, SIGTERM}), 0);
  EXPECT_EQ(log_.reopened, 1);
  EXPECT_EQ(log_.only("log_reopened").level(), config::LogLevel::info);
}

TEST_F(ServerTest, SaysWhyTheLogCannotBeReopened) {
  log_.on_reopen = observe::LogError{"cannot open the log file /x: No space left on device"};
  const auto server = start({echo("a", {any_port})});
  EXPECT_EQ(run_with(*server, {SIGUSR1, SIGTERM}), 0);
  EXPECT_THAT(value(log_.only("log_reopen_failed"), "reason"), ::testing::HasSubstr("/x"));
}

TEST_F(ServerTest, WarnsThatReloadIsNotThereYet) {
  const auto server = start({echo("a", {any_port})});
  EXPECT_EQ(run_with(*server, {SIGHUP, SIGUSR2, SIGTERM}), 0);
  EXPECT_EQ(log_.only("reload_ignored").level(), config::LogLevel::warning);
  EXPECT_EQ(log_.only("log_connections_ignored").level(), config::LogLevel::warning);
}

}  // namespace
}  // namespace spillway::testing
