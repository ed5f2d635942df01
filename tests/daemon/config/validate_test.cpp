// Configurations that no file gave: faults have no place. Those of files are in broken_files_test.
#include "daemon/config/validate.hpp"

#include <gtest/gtest.h>

namespace spillway::config {
namespace {

Config one_route() {
  Config config;
  Route& route = config.routes.emplace_back();
  route.name = "echo";
  route.listen = {HostPort{"127.0.0.1", 7007}};
  route.echo = true;
  return config;
}

std::string told(const Config& config) {
  TlsContexts contexts;
  std::string text;
  for (const Fault& fault : validate(config, contexts)) text += to_string(fault) + '\n';
  return text;
}

TEST(Validate, AGoodRouteHasNoFault) { EXPECT_EQ(told(one_route()), ""); }

TEST(Validate, ARouteIsNeeded) {
  EXPECT_EQ(told(Config{}), "`routes` has no route: write at least one\n");
}

TEST(Validate, AFaultWithoutFileNamesTheRoute) {
  Config config = one_route();
  config.routes[0].tls = Tls{};
  config.routes[0].tls->certificates = {{"/nowhere/a.crt", "/nowhere/a.crt"}};
  EXPECT_EQ(told(config),
            "route \"echo\": `cert`: /nowhere/a.crt cannot be read: No such file or directory\n");
}

TEST(Validate, AFaultWithoutFileNamesTheDirection) {
  Config config = one_route();
  Route& route = config.routes[0];
  route.echo = false;
  route.upstream.emplace().servers = {HostPort{"127.0.0.1", 1}};
  route.to_upstream.policy = OverflowPolicy::drop_newest;
  EXPECT_EQ(
      told(config),
      "route \"echo\": `to_upstream: {policy: drop_newest}` needs message boundaries, without "
      "which a drop would tear the stream: write the route's `framing`, such as `framing: "
      "line`, or `policy: pause` or `policy: close`\n");
  route.framing = LineFraming{};
  EXPECT_EQ(told(config), "");
}

TEST(Validate, EveryRouteIsComparedWithTheOthers) {
  Config config = one_route();
  config.routes.push_back(config.routes[0]);
  EXPECT_EQ(told(config),
            "route \"echo\": `name: echo` is already the name of another route: give each route a "
            "name of its own\n"
            "route \"echo\": `listen`: 127.0.0.1:7007 cannot stand beside 127.0.0.1:7007 in route "
            "\"echo\": write another port, or remove one of the two\n");
}

}  // namespace
}  // namespace spillway::config
