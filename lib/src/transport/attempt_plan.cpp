#include "transport/attempt_plan.hpp"

#include <algorithm>
#include <cassert>
#include <cerrno>
#include <utility>

namespace spillway {

namespace {

using boost::system::error_code;

FailureReason reason_of(const error_code& error) {
  switch (error.value()) {
    case ECONNREFUSED:
    case ENOENT:  // a unix path: nobody has made it
    case EAGAIN:  // a unix listener whose backlog is full
      return FailureReason::refused;
    case ENETUNREACH:
    case EHOSTUNREACH:
    case EADDRNOTAVAIL:
    case EAFNOSUPPORT:
      return FailureReason::unreachable;
    case ETIMEDOUT:
      return FailureReason::connect_timeout;
    default:
      return FailureReason::io_error;
  }
}

/// How much a reason says about the target, most first.
int rank(FailureReason reason) {
  switch (reason) {
    case FailureReason::refused:
      return 0;
    case FailureReason::connect_timeout:
      return 1;
    case FailureReason::unreachable:
      return 3;
    default:
      return 2;
  }
}

std::string words_for(const error_code& error) {
  // The system's words, "Resource temporarily unavailable", hide what it means here.
  if (error.value() == EAGAIN) return "the listener's backlog is full";
  return error.message();
}

std::vector<Address> interleaved(std::vector<Address> addresses) {
  if (addresses.empty()) return addresses;
  const Address::Family preferred = addresses.front().family();
  const auto middle = std::stable_partition(
      addresses.begin(), addresses.end(),
      [preferred](const Address& each) { return each.family() == preferred; });
  std::vector<Address> result;
  result.reserve(addresses.size());
  auto first = addresses.begin();
  auto second = middle;
  while (first != middle || second != addresses.end()) {
    if (first != middle) result.push_back(*first++);
    if (second != addresses.end()) result.push_back(*second++);
  }
  return result;
}

}  // namespace

AttemptPlan::AttemptPlan(std::vector<Address> addresses) {
  for (const Address& address : interleaved(std::move(addresses))) {
    attempts_.push_back({address, std::nullopt});
  }
}

AttemptPlan::Action AttemptPlan::attempt_failed(std::size_t attempt, const error_code& error) {
  assert(attempt < started_ && !attempts_[attempt].error && error);
  attempts_[attempt].error = error;
  ++failed_;
  return next();
}

AttemptPlan::Action AttemptPlan::delay_passed() { return next(); }

AttemptPlan::Action AttemptPlan::next() {
  if (started_ < attempts_.size()) {
    const std::size_t attempt = started_++;
    return Start{.attempt = attempt, .more = started_ < attempts_.size()};
  }
  if (failed_ == started_) return GiveUp{};
  return Wait{};
}

const Address& AttemptPlan::address(std::size_t attempt) const {
  return attempts_[attempt].address;
}

Failure AttemptPlan::failure() const {
  Failure result{FailureReason::unreachable, {}, report()};
  for (const Attempt& attempt : attempts_) {
    if (!attempt.error) continue;
    const FailureReason reason = reason_of(*attempt.error);
    if (result.error && rank(reason) >= rank(result.reason)) continue;
    result.reason = reason;
    result.error = *attempt.error;
  }
  return result;
}

Failure AttemptPlan::deadline_failure() const {
  return {FailureReason::connect_timeout, {ETIMEDOUT, boost::system::system_category()}, report()};
}

std::string AttemptPlan::report() const {
  std::string text;
  for (std::size_t i = 0; i < started_; ++i) {
    const Attempt& attempt = attempts_[i];
    if (!text.empty()) text += "; ";
    text += attempt.address.to_string() + ": ";
    text += attempt.error ? words_for(*attempt.error) : "no answer in time";
  }
  return text;
}

}  // namespace spillway
