#include "daemon/server/server.hpp"

#include "tests/daemon/support/recorded_log.hpp"

#include <spillway/endpoint.hpp>

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <chrono>
#include <csignal>
#include <memory>
#include <string>
#include <utility>
#include <variant>
#include <vector>

namespace spillway::testing {
namespace {

using server::Server;

config::Route echo(std::string name, std::vector<config::ListenAddress> listen) {
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
    return Server::create(std::move(config), {}, log_);
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

  RecordedLog log_;
};

const config::ListenAddress any_port = HostPort{"127.0.0.1", 0};

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
  const config::ListenAddress address = *config::parse_listen_address(addresses().front());
  EXPECT_TRUE(create({echo("again", {address})}));
}

// Several loops share a port (SO_REUSEPORT). A second daemon must not come to share it as well.
TEST_F(ServerTest, RefusesAnAddressThatAnotherDaemonServes) {
  run_and_stop(*start({echo("a", {any_port})}));
  const std::string address = addresses().front();
  const auto first = start({echo("first", {*config::parse_listen_address(address)})});
  const auto second = create({echo("second", {*config::parse_listen_address(address)})});
  ASSERT_FALSE(second);
  EXPECT_EQ(second.error().message,
            "route \"second\": cannot listen on " + address + ": Address already in use");
}

TEST_F(ServerTest, StartsAllOrNothing) {
  run_and_stop(*start({echo("a", {any_port, any_port})}));
  const config::ListenAddress free = *config::parse_listen_address(addresses()[0]);
  const config::ListenAddress taken = *config::parse_listen_address(addresses()[1]);
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

TEST_F(ServerTest, WithoutAFileThereIsNothingToReload) {
  const auto server = start({echo("a", {any_port})});
  EXPECT_EQ(run_with(*server, {SIGHUP, SIGTERM}), 0);
  EXPECT_EQ(log_.only("reload_ignored").level(), config::LogLevel::warning);
  EXPECT_THAT(value(log_.only("reload_ignored"), "reason"), ::testing::HasSubstr("no config"));
}

class ReloadTest : public ServerTest {
 protected:
  /// Starts with `before`, and reads `after` when it is told to reload.
  int reload(config::Config before, config::LoadResult after) {
    Server::Options options;
    options.reread = [after](config::TlsContexts&) { return after; };
    auto server = Server::create(std::move(before), {}, log_, std::move(options));
    EXPECT_TRUE(server);
    return run_with(**server, {SIGHUP, SIGTERM});
  }
  static config::Config with(std::vector<config::Route> routes) {
    config::Config config;
    config.threads = 2;
    config.routes = std::move(routes);
    return config;
  }
};

TEST_F(ReloadTest, TellsWhatIsDifferent) {
  config::Route changed = echo("changed", {any_port});
  changed.timeouts.idle = std::chrono::seconds(7);
  EXPECT_EQ(reload(with({echo("same", {any_port}), echo("changed", {any_port}),
                         echo("gone", {any_port})}),
                   with({echo("same", {any_port}), changed, echo("new", {any_port})})),
            0);
  const observe::Event event = log_.only("reloaded");
  EXPECT_EQ(value(event, "routes"), "3");
  EXPECT_EQ(value(event, "added"), "1");
  EXPECT_EQ(value(event, "removed"), "1");
  EXPECT_EQ(value(event, "changed"), "1");
}

TEST_F(ReloadTest, KeepsTheSocketsOfAddressesThatStay) {
  EXPECT_EQ(reload(with({echo("a", {any_port}), echo("b", {any_port})}),
                   with({echo("b", {any_port}), echo("a", {any_port})})),
            0);
  EXPECT_EQ(log_.count("listening"), 2U);
  EXPECT_EQ(log_.count("listening_ended"), 0U);
}

TEST_F(ReloadTest, ClosesAnAddressThatIsGoneAndOpensANewOne) {
  EXPECT_EQ(reload(with({echo("a", {any_port, any_port})}),
                   with({echo("a", {any_port}), echo("b", {any_port})})),
            0);
  EXPECT_EQ(log_.count("listening"), 3U);
  EXPECT_EQ(log_.count("listening_ended"), 1U);
}

TEST_F(ReloadTest, EachFaultIsALineAndNothingChanges) {
  config::Faults faults(2);
  faults[0].message = "first";
  faults[1].message = "second";
  EXPECT_EQ(reload(with({echo("a", {any_port})}), faults), 0);
  EXPECT_EQ(log_.count("reload_failed"), 2U);
  EXPECT_EQ(log_.count("reloaded"), 0U);
}

TEST_F(ReloadTest, AnAddressThatSomebodyElseHasChangesNothing) {
  run_and_stop(*start({echo("a", {any_port})}));
  const config::ListenAddress taken = *config::parse_listen_address(addresses().front());
  const auto holder = start({echo("holder", {taken})});
  EXPECT_EQ(reload(with({echo("a", {any_port})}), with({echo("a", {any_port, taken})})), 0);
  EXPECT_THAT(value(log_.only("reload_failed"), "fault"), ::testing::HasSubstr("already in use"));
  EXPECT_EQ(log_.count("reloaded"), 0U);
}

TEST_F(ReloadTest, NamesItsOwnAddressThatIsInTheWay) {
  run_and_stop(*start({echo("a", {any_port})}));
  const auto taken = std::get<HostPort>(*config::parse_listen_address(addresses().front()));
  const HostPort everywhere{"0.0.0.0", taken.port};
  EXPECT_EQ(reload(with({echo("a", {everywhere})}), with({echo("a", {taken})})), 0);
  EXPECT_THAT(value(log_.only("reload_failed"), "fault"),
              ::testing::HasSubstr("if this daemon's own " + to_string(Endpoint(everywhere)) +
                                   " is in the way"));
}

TEST_F(ReloadTest, SaysWhatOnlyAStartCanChange) {
  config::Config after = with({echo("a", {any_port})});
  after.threads = 3;
  after.log.format = config::LogFormat::json;
  after.log.file = "/elsewhere";
  after.limits.memory = 1;
  EXPECT_EQ(reload(with({echo("a", {any_port})}), after), 0);
  EXPECT_EQ(log_.count("reload_needs_restart"), 4U);
  EXPECT_EQ(log_.count("reloaded"), 1U);
}

TEST_F(ReloadTest, NamesTheSocketThatWasNotPassed) {
  EXPECT_EQ(
      reload(with({echo("a", {any_port})}), with({echo("a", {config::PassedByName{"feed"}})})), 0);
  EXPECT_THAT(value(log_.only("reload_failed"), "fault"),
              ::testing::HasSubstr("FileDescriptorName=feed"));
}

}  // namespace
}  // namespace spillway::testing
