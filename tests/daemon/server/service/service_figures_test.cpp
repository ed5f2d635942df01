#include "daemon/server/service/service_figures.hpp"

#include "daemon/config/tls_contexts.hpp"
#include "daemon/proxy/route.hpp"

#include <gtest/gtest.h>

#include <chrono>
#include <memory>
#include <string>

namespace spillway::testing {
namespace {

using server::Overview;
using server::service::ServiceFigures;

std::shared_ptr<const proxy::Route> route(const std::string& name) {
  config::Route made;
  made.name = name;
  made.echo = true;
  config::TlsContexts contexts;
  return *proxy::make_route(made, contexts);
}

observe::RouteMetrics metrics(std::uint64_t sessions, std::uint64_t opened) {
  observe::RouteMetrics made;
  made.sessions = sessions;
  made.sessions_opened = opened;
  return made;
}

TEST(ServiceFigures, AddUpAllRoutesAndDirections) {
  ServiceFigures figures;
  observe::MetricsTable table{{"a", metrics(2, 10)}, {"b", metrics(1, 5)}};
  table["a"].to_client.slow = 1;
  table["a"].to_upstream.slow = 1;
  table["b"].to_client.throttled = 3;
  figures.take(table);
  const Overview overview{.routes = {route("a"), route("b")}, .connections = 3};
  EXPECT_EQ(figures.serving(overview),
            "Serving 3 connections (15 since the start), 2 slow consumers, 3 throttled");
}

TEST(ServiceFigures, HaveOnesInTheSingular) {
  ServiceFigures figures;
  observe::MetricsTable table{{"a", metrics(1, 1)}};
  table["a"].to_client.slow = 1;
  figures.take(table);
  EXPECT_EQ(figures.serving({.routes = {route("a")}, .connections = 1}),
            "Serving 1 connection (1 since the start), 1 slow consumer, 0 throttled");
}

TEST(ServiceFigures, WhatRoutesCountedThatAreGoneStaysCounted) {
  ServiceFigures figures;
  const Overview overview{.routes = {route("a")}};
  figures.take({{"a", metrics(0, 10)}, {"b", metrics(0, 5)}});
  figures.take({{"a", metrics(0, 11)}, {"b", metrics(0, 3)}});  // one loop has forgotten it
  figures.take({{"a", metrics(0, 12)}});
  EXPECT_EQ(figures.serving(overview),
            "Serving 0 connections (17 since the start), 0 slow consumers, 0 throttled");
}

TEST(ServiceFigures, NameRemovedRoutesWithSessionsLeft) {
  ServiceFigures figures;
  figures.take({{"a", metrics(1, 1)}, {"b", metrics(2, 2)}, {"c", metrics(0, 3)}});
  const Overview overview{.routes = {route("a")}, .connections = 3};
  EXPECT_TRUE(figures.serving(overview).ends_with(" throttled; draining: b (2 left)"));
}

TEST(ServiceFigures, NameThreeRoutesAtMost) {
  ServiceFigures figures;
  observe::MetricsTable table;
  for (const char* name : {"a", "b", "c", "d", "e"}) table[name] = metrics(1, 1);
  figures.take(table);
  EXPECT_TRUE(figures.serving({}).ends_with(
      "; draining: a (1 left), b (1 left), c (1 left) and 2 more routes"));
}

TEST(ServiceFigures, TellOfAReloadThatFailedUntilOneSucceeds) {
  const ServiceFigures figures;
  Overview overview;
  overview.reload.note_failure();
  EXPECT_TRUE(figures.serving(overview).ends_with(
      "; the last reload failed, the configuration of before is served"));
  overview.reload.note_success();
  EXPECT_TRUE(figures.serving(overview).ends_with(" throttled"));
}

TEST(ServiceFigures, NameLoopsThatDoNotAnswer) {
  ServiceFigures figures;
  figures.set_silent({0, 2});
  EXPECT_TRUE(figures.serving({}).ends_with("; event loops that do not answer: 0 2"));
  figures.set_silent({});
  EXPECT_TRUE(figures.serving({}).ends_with(" throttled"));
}

TEST(ServiceFigures, SayWhatIsLeftOfADrain) {
  EXPECT_EQ(server::service::draining_words(2, std::chrono::seconds(30)),
            "Draining: 2 connections left, for 30 s at most");
  EXPECT_EQ(server::service::forcing_words(1), "Ending 1 connection by force");
}

}  // namespace
}  // namespace spillway::testing
