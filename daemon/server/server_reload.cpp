// How a running server comes from one configuration to the next.
#include "daemon/config/certificates.hpp"
#include "daemon/observe/utc.hpp"
#include "daemon/server/key_warnings.hpp"
#include "daemon/server/server.hpp"

#include <boost/asio/post.hpp>

#include <algorithm>
#include <string>
#include <string_view>
#include <tuple>
#include <utility>

namespace spillway::server {

using config::LogLevel;
using observe::Event;

void Server::reload() {
  const auto ignore = [this](std::string_view reason) {
    log_.write(Event(LogLevel::warning, "reload_ignored").with("reason", reason));
  };
  if (state_ != State::serving) return ignore("draining");
  if (!options_.reread) return ignore("there is no configuration file");
  // An address that went can come back only when the loops have closed it.
  if (workers_changing_ > 0) {
    reload_again_ = true;
    return;
  }
  if (service_) service_->reloading();
  reload_from_file();
  if (service_) service_->reloaded();
}

// The whole file is read and checked before anything changes: until `switch_to`, each return leaves
// everything as it was.
void Server::reload_from_file() {
  auto contexts = config::TlsContexts::after(contexts_);
  auto config = options_.reread(contexts);
  if (!config) return refuse(config.error());
  const auto taken = take(*std::move(config), std::move(contexts));
  if (!taken) return refuse(taken.error());
  reloads_.note_success();
  log_.write(Event(LogLevel::info, "reloaded")
                 .with("routes", routes_.size())
                 .with("added", taken->added)
                 .with("removed", taken->removed)
                 .with("changed", taken->changed));
}

void Server::refuse(const config::Faults& faults) {
  reloads_.note_failure();
  for (const config::Fault& each : faults) {
    log_.write(Event(LogLevel::error, "reload_failed").with("fault", to_string(each)));
  }
}

void Server::refuse(const StartError& error) {
  reloads_.note_failure();
  log_.write(Event(LogLevel::error, "reload_failed").with("fault", error.message));
}

boost::system::result<Server::Difference, StartError> Server::take(config::Config config,
                                                                   config::TlsContexts contexts) {
  auto routes = make_routes(config, contexts);
  if (!routes) return routes.error();
  auto plan = listeners_.plan(*routes);
  if (!plan) return plan.error();

  log_certificates(contexts);
  contexts.forget_before();
  contexts_ = std::move(contexts);
  log_.set_level(config.log.level);
  keep_until_restart(config);
  take_limits(config);
  metrics_.start(config.metrics.log_interval);
  config_ = std::move(config);
  for (const Event& warning : key_warnings(config_)) log_.write(warning);
  const Difference difference = switch_to(*std::move(routes), *std::move(plan));
  watch_certificates();
  return difference;
}

// What only a start can change stays what it is, in `config` too.
void Server::keep_until_restart(config::Config& config) {
  const auto keep = [this](std::string_view key, auto& value, const auto& running) {
    if (value == running) return;
    log_.write(Event(LogLevel::warning, "reload_needs_restart").with("key", key));
    value = running;
  };
  keep("threads", config.threads, config_.threads);
  keep("log.format", config.log.format, config_.log.format);
  auto target = std::tie(config.log.target, config.log.file);
  keep("log.target", target, std::tie(config_.log.target, config_.log.file));
  keep("admin.listen", config.admin.listen, config_.admin.listen);
  if (!memory_.limit().counts()) keep("limits.memory", config.limits.memory, std::size_t{0});
}

void Server::take_limits(const config::Config& config) {
  clients_.set_most(config.limits.connections);
  if (memory_.limit().counts()) memory_.set_limit(config.limits.memory);
}

Server::Difference Server::switch_to(Routes routes, Listeners::Plan plan) {
  std::vector<std::string> removed;
  Difference difference;
  for (const RoutePtr& before : routes_) {
    const RoutePtr* now = find_route(routes, before->config.name);
    if (now == nullptr) {
      removed.push_back(before->config.name);
      continue;
    }
    before->clients->set_most((*now)->config.limits.connections);
    if ((*now)->config != before->config) ++difference.changed;
  }
  difference.removed = removed.size();
  difference.added = routes.size() + removed.size() - routes_.size();
  for (std::size_t loop = 0; loop < workers_.size(); ++loop) {
    plan.by_loop[loop].removed = removed;
    ++workers_changing_;
    workers_[loop]->change(std::move(plan.by_loop[loop]), config_.shutdown.drain_timeout, [this] {
      boost::asio::post(control_, [this] { on_worker_changed(); });
    });
  }
  listeners_.commit(plan);
  for (const Event& event : plan.events) log_.write(event);
  routes_ = std::move(routes);
  return difference;
}

void Server::on_worker_changed() {
  if (--workers_changing_ == 0 && std::exchange(reload_again_, false)) reload();
}

void Server::watch_certificates() {
  certificate_files_.watch(contexts_.files());
  watch_expiry();
}

// Not of those made up: no client verifies them.
void Server::watch_expiry() {
  ExpiryWatch::Certificates certificates;
  for (const RoutePtr& route : routes_) {
    if (!route->tls || route->config.tls->self_signed) continue;
    const auto& files = route->config.tls->certificates;
    for (std::size_t i = 0; i < files.size(); ++i) {
      certificates.emplace(files[i].cert, route->tls->certificates()[i]);
    }
  }
  expiry_.watch(std::move(certificates));
}

// The configuration stays, and what cannot be loaded stays what it was. False if there is any.
bool Server::refresh_certificates() {
  auto contexts = config::TlsContexts::after(contexts_);
  for (const config::Route& route : config_.routes) {
    if (route.tls) contexts.server(*route.tls);
    if (route.upstream && route.upstream->tls) contexts.client(*route.upstream->tls);
  }
  const auto failures = contexts.keep_before();
  for (const auto& failure : failures) log_rejected(failure);
  auto routes = make_routes(config_, contexts);
  if (!routes) return false;
  auto plan = listeners_.plan(*routes);
  if (!plan) return false;
  log_certificates(contexts);
  // Not when it is only tried again.
  if (failures.empty()) {
    for (const Event& warning : key_warnings(config_)) log_.write(warning);
  }
  contexts.forget_before();
  contexts_ = std::move(contexts);
  switch_to(*std::move(routes), *std::move(plan));
  watch_certificates();
  return failures.empty();
}

// A fault is told with the dates of the pair that it is in. Of upstream CAs, which are many in one
// file, there is no one date to tell.
void Server::log_rejected(const config::TlsContexts::Failure& failure) {
  for (const config::CertificateFault& fault : failure.faults) {
    Event event(LogLevel::error, "certificate_rejected");
    event.with("reason", fault.message);
    for (std::size_t i = 0; i < failure.before.size(); ++i) {
      const auto pair = config::KeyPath() / "certificates" / i;
      if (fault.path != pair && fault.path.parent() != pair) continue;
      event.with("cert", failure.files[i].cert)
          .with("not_after", observe::utc(failure.before[i].not_after));
      const auto rejected = config::read_certificate_info(failure.files[i]);
      event.with("new_not_after", rejected ? observe::utc(rejected->not_after) : "unknown");
    }
    log_.write(event);
  }
}

void Server::log_certificates(const config::TlsContexts& contexts) {
  for (const config::TlsContexts::Change& change : contexts.changes()) {
    for (std::size_t i = 0; i < change.files.size(); ++i) {
      log_.write(Event(LogLevel::info, "certificate_reloaded")
                     .with("cert", change.files[i].cert)
                     .with("subject", change.now[i].subject)
                     .with("not_after", observe::utc(change.now[i].not_after))
                     .with("previous_not_after", observe::utc(change.before[i].not_after)));
    }
  }
}

}  // namespace spillway::server
