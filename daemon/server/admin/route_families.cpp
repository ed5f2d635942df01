#include "daemon/server/admin/route_families.hpp"

#include "daemon/server/admin/seconds.hpp"

#include <cstdint>

namespace spillway::server::admin {

namespace {

using observe::HandshakeCounters;
using observe::RouteMetrics;
using prometheus::MetricType;

void add_connections(MetricFamilies& families, const observe::MetricsTable& metrics) {
  MetricFamily now("spillway_connections", "Clients that are connected.", MetricType::Gauge);
  MetricFamily opened("spillway_connections_opened_total", "Clients that were accepted.",
                      MetricType::Counter);
  MetricFamily refused("spillway_connections_refused_total",
                       "Clients that were turned away, by whose limit was reached.",
                       MetricType::Counter);
  for (const auto& [name, route] : metrics) {
    now.add({{"route", name}}, static_cast<double>(route.sessions));
    opened.add({{"route", name}}, static_cast<double>(route.sessions_opened));
    refused
        .add({{"route", name}, {"limit", "process"}}, static_cast<double>(route.refused.by_process))
        .add({{"route", name}, {"limit", "route"}}, static_cast<double>(route.refused.by_route));
  }
  families.add(std::move(now));
  families.add(std::move(opened));
  families.add(std::move(refused));
}

void add_limits(MetricFamilies& families, const Overview& overview) {
  MetricFamily limit("spillway_route_connection_limit",
                     "Clients that the route may have at a time; 0 is no limit.",
                     MetricType::Gauge);
  for (const auto& route : overview.routes) {
    limit.add({{"route", route->config.name}}, static_cast<double>(route->clients->most()));
  }
  families.add(std::move(limit));
}

void add_handshakes(MetricFamily& family, const std::string& route, std::string_view version,
                    const HandshakeCounters::Done& done) {
  const auto add = [&](std::string_view resumed, std::uint64_t count) {
    family.add({{"route", route}, {"result", "ok"}, {"version", version}, {"resumed", resumed}},
               static_cast<double>(count));
  };
  add("false", done.full);
  add("true", done.resumed);
}

void add_handshakes(MetricFamilies& families, const Standing& standing) {
  MetricFamily family("spillway_tls_handshakes_total",
                      "TLS handshakes with clients; a client that left without a word is unheard.",
                      MetricType::Counter);
  for (const auto& [name, route] : standing.metrics) {
    const HandshakeCounters& counters = route.handshakes;
    const proxy::Route* serving = standing.route(name);
    // A route that is gone, or without TLS now, keeps its figures for as long as it is told.
    const bool has_tls = serving != nullptr && serving->tls;
    if (!has_tls && counters == HandshakeCounters()) continue;
    add_handshakes(family, name, "TLSv1.2", counters.tls_1_2);
    add_handshakes(family, name, "TLSv1.3", counters.tls_1_3);
    const auto add = [&, &route_name = name](std::string_view result, std::uint64_t count) {
      family.add(
          {{"route", route_name}, {"result", result}, {"version", "none"}, {"resumed", "false"}},
          static_cast<double>(count));
    };
    add("failed", counters.failed);
    add("timed_out", counters.timed_out);
    add("unheard", counters.unheard);
  }
  families.add(std::move(family));
}

void add_connect_failures(MetricFamilies& families, const observe::MetricsTable& metrics) {
  MetricFamily family("spillway_upstream_connect_failures_total",
                      "Servers that were tried for a client and did not take the connection.",
                      MetricType::Counter);
  for (const auto& [name, route] : metrics) {
    if (!route.has_upstream) continue;
    for (const FailureReason reason : observe::ConnectFailures::reasons) {
      family.add({{"route", name}, {"reason", to_string(reason)}},
                 static_cast<double>(route.connect_failures.of(reason)));
    }
  }
  families.add(std::move(family));
}

void add_certificates(MetricFamilies& families, const Overview& overview) {
  MetricFamily family("spillway_tls_certificate_not_after_timestamp_seconds",
                      "Until when a certificate is valid; numbered as in the configuration.",
                      MetricType::Gauge);
  for (const auto& route : overview.routes) {
    if (!route->tls) continue;
    std::size_t number = 0;
    for (const CertificateInfo& certificate : route->tls->certificates()) {
      family.add({{"route", route->config.name},
                  {"certificate", std::to_string(++number)},
                  {"subject", certificate.subject}},
                 seconds(certificate.not_after));
    }
  }
  families.add(std::move(family));
}

}  // namespace

void add_routes(MetricFamilies& families, const Standing& standing) {
  add_connections(families, standing.metrics);
  add_limits(families, standing.overview);
  add_handshakes(families, standing);
  add_connect_failures(families, standing.metrics);
  add_certificates(families, standing.overview);
}

}  // namespace spillway::server::admin
