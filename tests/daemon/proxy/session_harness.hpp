// A session between a client and a server that the test plays, without sockets and time.
#pragma once

#include "daemon/observe/log.hpp"
#include "daemon/proxy/route.hpp"
#include "daemon/proxy/session_set.hpp"
#include "tests/daemon/support/recorded_log.hpp"
#include "tests/daemon/support/scripted_dial.hpp"
#include "tests/support/scripted_transport.hpp"

#include <spillway/scheduler.hpp>

#include <gtest/gtest.h>

#include <cstdint>
#include <memory>
#include <string>
#include <string_view>
#include <utility>

namespace spillway::testing {

class SessionHarness {
 public:
  void open() { open(client); }
  void open(Wire& wire) {
    config::TlsContexts none;
    auto route = proxy::make_route(config, none);
    ASSERT_TRUE(route);
    sessions.open(
        {.id = ++opened_,
         .entrance = sessions.make_entrance(
             *route, std::shared_ptr<observe::RouteMetrics>(std::shared_ptr<void>(), &metrics),
             "127.0.0.1:7007"),
         .transport = std::make_unique<ScriptedTransport>(wire),
         .process_place = {},
         .route_place = {}});
    run();
  }
  void open_echo() {
    config.echo = true;
    open();
  }
  void open_proxy() {
    config.upstream = config::Upstream{.servers = {HostPort{"upstream", 1}}};
    open();
  }
  /// Opens a proxy session whose upstream answers.
  void open_connected() {
    open_proxy();
    servers.answer(upstream);
    run();
  }
  void open_tls() {
    config.tls = config::Tls{.certificates = {}, .self_signed = true};
    open_echo();
  }

  void run() {
    for (int rounds = 0; rounds < 10'000; ++rounds) {
      const bool client_polled = client.poll();
      const bool polled = upstream.poll() || client_polled;
      const bool worked = scheduler.has_work();
      scheduler.run_turn();
      if (!polled && !worked) return;
    }
    FAIL() << "the session never comes to rest";
  }
  void advance(Duration by) {
    clock.advance(by);
    run();
  }

  /// A field of the one connection_closed line.
  [[nodiscard]] std::string closed(std::string_view key) const {
    return value(log.only("connection_closed"), key);
  }
  /// "CODE by reason"
  [[nodiscard]] std::string end() const {
    return closed("end_code") + ' ' + closed("end_by") + ' ' + closed("end_reason");
  }
  [[nodiscard]] bool is_over() const {
    return sessions.size() == 0 && log.count("connection_closed") == 1;
  }

  ManualClock clock;
  Scheduler scheduler{clock};
  overflow::MemoryLimit memory{0, [] {}};
  overflow::MemoryAccount account{memory};
  overflow::ChunkPool chunks{account};
  observe::RouteMetrics metrics;
  RecordedLog log;
  Servers servers;
  Wire client;
  Wire upstream;
  config::Route config = named("test");
  proxy::SessionSet sessions{{.scheduler = scheduler,
                              .chunks = chunks,
                              .log = log,
                              .dial_server = [this](const Endpoint& server, const config::Route&) {
                                return std::make_unique<ScriptedDial>(servers, server);
                              }}};

 private:
  std::uint64_t opened_ = 0;

  static config::Route named(std::string name) {
    config::Route route;
    route.name = std::move(name);
    return route;
  }
};

}  // namespace spillway::testing
