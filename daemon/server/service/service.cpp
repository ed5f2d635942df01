#include "daemon/server/service/service.hpp"

#include "daemon/observe/event.hpp"
#include "daemon/server/loop_list.hpp"

#include <algorithm>
#include <utility>

namespace spillway::server::service {

namespace {

using config::LogLevel;
using observe::Event;
using std::chrono::duration_cast;
using std::chrono::microseconds;

// While it drains, each status asks for so much more time than the manager would give. Should the
// daemon hang, this is what it lives on.
constexpr microseconds extension = std::chrono::seconds(10);

std::string line(std::string_view name, microseconds time) {
  return std::string(name) + '=' + std::to_string(time.count()) + '\n';
}

}  // namespace

Service::Service(Surroundings surroundings, const admin::Loops& loops, Times times)
    : surroundings_(std::move(surroundings)),
      times_(times),
      pings_(surroundings_.control, loops, times.patience),
      reports_(surroundings_.control, loops, times.patience),
      timer_(surroundings_.control) {
  if (!times.watchdog) return;
  watchdog_.emplace(
      surroundings_.control, loops, *times.watchdog,
      Watchdog::Events{.feed = [this] { send("WATCHDOG=1"); },
                       .withhold = [this](const auto& silent) { log_withheld(silent); }});
}

void Service::start() {
  settle();
  refresh_later();
  if (watchdog_) watchdog_->start();
}

void Service::reloading() {
  if (phase_ != Phase::serving && phase_ != Phase::reloading) return;
  phase_ = Phase::reloading;
  ++reloads_;
  const auto now = duration_cast<microseconds>(surroundings_.now().time_since_epoch());
  tell("RELOADING=1\n" + line("MONOTONIC_USEC", now));
}

void Service::draining(std::chrono::milliseconds time) {
  phase_ = Phase::draining;
  drained_by_ = surroundings_.now() + time;
  tell("STOPPING=1\n" + line("EXTEND_TIMEOUT_USEC", extension));
  refresh_later();
}

void Service::forcing() {
  phase_ = Phase::forcing;
  tell(line("EXTEND_TIMEOUT_USEC", extension));
}

// What was posted to the loops before, they have done when they answer. Those that are silent are
// asked again when the figures are looked at.
void Service::settle() {
  pings_.ask([](WatchedLoop& loop, auto done) { loop.ping(std::move(done)); },
             [this, reload = reloads_](const admin::Survey<bool>::Result& result) {
               if (reload == reloads_) on_settled(result);
             });
}

void Service::on_settled(const admin::Survey<bool>::Result& result) {
  if (!is_unsettled() || !result.silent.empty()) return;
  phase_ = Phase::serving;
  tell("READY=1\n");
}

void Service::refresh_later() {
  timer_.expires_after(is_ending() ? times_.refresh_draining : times_.refresh);
  timer_.async_wait([this](const boost::system::error_code& error) {
    if (error) return;
    refresh_later();
    refresh();
  });
}

// How many are left the control thread knows: who drains is not asked for more.
void Service::refresh() {
  if (is_ending()) return tell(line("EXTEND_TIMEOUT_USEC", extension));
  if (is_unsettled()) settle();
  reports_.ask([](WatchedLoop& loop, auto done) { loop.report(std::move(done)); },
               [this](const admin::Survey<LoopReport>::Result& result) { on_reports(result); });
}

void Service::on_reports(const admin::Survey<LoopReport>::Result& result) {
  figures_.set_silent(result.silent);
  if (result.silent.empty()) {
    observe::MetricsTable sum;
    for (const LoopReport& report : result.answers) sum += report.metrics;
    figures_.take(sum);
  }
  if (phase_ == Phase::serving) tell();
}

void Service::tell(std::string_view with) {
  std::string status = this->status();
  if (with.empty() && status == told_) return;
  send(std::string(with) + "STATUS=" + status);
  told_ = std::move(status);
}

std::string Service::status() const {
  const Overview overview = surroundings_.look();
  switch (phase_) {
    case Phase::starting:
      return "Starting";
    case Phase::reloading:
      return "Reloading the configuration";
    case Phase::draining: {
      const auto left = drained_by_ - surroundings_.now();
      return draining_words(
          overview.connections,
          std::max(std::chrono::ceil<std::chrono::seconds>(left), std::chrono::seconds(0)));
    }
    case Phase::forcing:
      return forcing_words(overview.connections);
    case Phase::serving:
      break;
  }
  return figures_.serving(overview);
}

// A manager that cannot be reached is told of once, and tried again with each message.
void Service::send(const std::string& message) {
  const auto error = surroundings_.notify(message);
  const bool is_news = is_reached_ && error;
  is_reached_ = !error;
  if (!is_news) return;
  surroundings_.log.write(
      Event(LogLevel::warning, "service_manager_unreachable").with("reason", error.message()));
}

void Service::log_withheld(const std::vector<std::size_t>& loops) {
  surroundings_.log.write(Event(LogLevel::warning, "watchdog_withheld")
                              .with("silent_loops", loop_list(loops))
                              .with("reason",
                                    "these event loops do not answer: the service manager ends "
                                    "the process if that goes on"));
}

}  // namespace spillway::server::service
