#include "transport/connect_race.hpp"

#include "transport/system_address.hpp"

#include <boost/system/error_code.hpp>

#include <cassert>
#include <cerrno>
#include <utility>

namespace spillway {

using boost::system::error_code;

ConnectRace::ConnectRace(EventLoop& loop, Resolver& resolver, Endpoint target,
                         ConnectorOptions options)
    : loop_(loop),
      resolver_(resolver),
      target_(std::move(target)),
      options_(options),
      begin_(loop, [this] { begin(); }),
      attempt_delay_(loop, [this] { perform(plan_->delay_passed()); }),
      deadline_(loop, [this] { on_deadline(); }) {}

void ConnectRace::start(DialObserver& observer) {
  assert(observer_ == nullptr);
  observer_ = &observer;
  if (options_.connect_timeout > Duration::zero()) {
    deadline_.expires_after(options_.connect_timeout);
  }
  find_addresses();
}

void ConnectRace::find_addresses() {
  const auto* host = std::get_if<HostPort>(&target_);
  if (host == nullptr) {
    const auto path = unix_address(std::get<UnixPath>(target_));
    found_ = path ? ResolveResult(std::vector{*path}) : ResolveError{path.error().message()};
    return begin_.schedule();
  }
  if (const auto literal = literal_address(*host)) {
    found_ = std::vector{*literal};
    return begin_.schedule();
  }
  // The query is not destroyed inside its own call: what follows runs deferred.
  query_ = resolver_.resolve(loop_, *host, [this](ResolveResult result) {
    found_ = std::move(result);
    begin_.schedule();
  });
}

void ConnectRace::begin() {
  query_.reset();
  if (!found_) {
    const auto* host = std::get_if<HostPort>(&target_);
    const std::string name = host != nullptr ? host->host : to_string(target_);
    fail({FailureReason::resolve_failed,
          {},
          "cannot resolve " + name + ": " + found_.error().message});
    return;
  }
  plan_.emplace(std::move(*found_));
  attempts_.resize(plan_->size());
  perform(plan_->begin());
}

void ConnectRace::perform(AttemptPlan::Action action) {
  // An attempt that fails at once is followed by the next one at once; the addresses bound this.
  while (const auto* start = std::get_if<AttemptPlan::Start>(&action)) {
    const error_code error = start_attempt(*start);
    if (!error) return;
    action = plan_->attempt_failed(start->attempt, error);
  }
  if (std::holds_alternative<AttemptPlan::GiveUp>(action)) fail(plan_->failure());
}

error_code ConnectRace::start_attempt(AttemptPlan::Start start) {
  attempt_delay_.cancel();
  auto attempt = ConnectAttempt::start(loop_.poller(), plan_->address(start.attempt), options_,
                                       *this, start.attempt);
  if (!attempt) return attempt.error();
  attempts_[start.attempt] = std::move(*attempt);
  if (start.more) attempt_delay_.expires_after(options_.attempt_delay);
  return {};
}

void ConnectRace::on_attempt_connected(std::size_t, std::unique_ptr<SocketTransport> transport) {
  DialObserver& observer = *observer_;
  cancel();
  observer.on_dialled(std::move(transport));
}

void ConnectRace::on_attempt_failed(std::size_t number, const error_code& error) {
  attempts_[number].reset();
  perform(plan_->attempt_failed(number, error));
}

void ConnectRace::on_deadline() {
  if (plan_) {
    fail(plan_->deadline_failure());
    return;
  }
  fail({FailureReason::connect_timeout,
        {ETIMEDOUT, boost::system::system_category()},
        "the look-up of " + to_string(target_) + " took too long"});
}

void ConnectRace::fail(Failure failure) {
  DialObserver& observer = *observer_;
  cancel();
  observer.on_dial_failed(std::move(failure));
}

void ConnectRace::cancel() {
  observer_ = nullptr;
  query_.reset();
  begin_.cancel();
  attempt_delay_.cancel();
  deadline_.cancel();
  attempts_.clear();
}

}  // namespace spillway
