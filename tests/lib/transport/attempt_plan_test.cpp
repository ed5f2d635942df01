#include "transport/attempt_plan.hpp"

#include "transport/system_address.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <cerrno>
#include <initializer_list>
#include <string>
#include <vector>

namespace spillway {
namespace {

using ::testing::ElementsAre;

boost::system::error_code error(int number) { return {number, boost::system::system_category()}; }

AttemptPlan plan_for(std::initializer_list<const char*> hosts) {
  std::vector<Address> addresses;
  for (const char* host : hosts) addresses.push_back(*literal_address({host, 80}));
  return AttemptPlan(std::move(addresses));
}

std::vector<std::string> order_of(const AttemptPlan& plan) {
  std::vector<std::string> order;
  for (std::size_t i = 0; i < plan.size(); ++i) order.push_back(plan.address(i).to_string());
  return order;
}

void expect_start(const AttemptPlan::Action& action, std::size_t attempt, bool more) {
  const auto* start = std::get_if<AttemptPlan::Start>(&action);
  ASSERT_NE(start, nullptr);
  EXPECT_EQ(start->attempt, attempt);
  EXPECT_EQ(start->more, more);
}

bool waits(const AttemptPlan::Action& action) {
  return std::holds_alternative<AttemptPlan::Wait>(action);
}

bool gives_up(const AttemptPlan::Action& action) {
  return std::holds_alternative<AttemptPlan::GiveUp>(action);
}

TEST(AttemptPlan, LetsTheFamiliesTakeTurnsFromThePreferredOneOn) {
  EXPECT_THAT(order_of(plan_for({"::1", "::2", "::3", "1.1.1.1", "2.2.2.2"})),
              ElementsAre("[::1]:80", "1.1.1.1:80", "[::2]:80", "2.2.2.2:80", "[::3]:80"));
  EXPECT_THAT(order_of(plan_for({"1.1.1.1", "::1", "::2", "::3"})),
              ElementsAre("1.1.1.1:80", "[::1]:80", "[::2]:80", "[::3]:80"));
}

TEST(AttemptPlan, KeepsTheOrderWithinAFamily) {
  EXPECT_THAT(order_of(plan_for({"3.3.3.3", "1.1.1.1", "2.2.2.2"})),
              ElementsAre("3.3.3.3:80", "1.1.1.1:80", "2.2.2.2:80"));
}

TEST(AttemptPlan, WithNoAddressGivesUpAtOnce) {
  AttemptPlan plan({});
  EXPECT_TRUE(gives_up(plan.begin()));
  EXPECT_EQ(plan.failure().reason, FailureReason::unreachable);
}

TEST(AttemptPlan, StartsTheOnlyAddressWithoutADelayBehindIt) {
  AttemptPlan plan = plan_for({"1.1.1.1"});
  expect_start(plan.begin(), 0, false);
  EXPECT_TRUE(gives_up(plan.attempt_failed(0, error(ECONNREFUSED))));
}

TEST(AttemptPlan, StartsTheNextAddressWhenTheDelayHasPassed) {
  AttemptPlan plan = plan_for({"1.1.1.1", "2.2.2.2", "3.3.3.3"});
  expect_start(plan.begin(), 0, true);
  expect_start(plan.delay_passed(), 1, true);
  expect_start(plan.delay_passed(), 2, false);
}

TEST(AttemptPlan, StartsTheNextAddressAtOnceWhenOneFails) {
  AttemptPlan plan = plan_for({"1.1.1.1", "2.2.2.2"});
  expect_start(plan.begin(), 0, true);
  expect_start(plan.attempt_failed(0, error(ECONNREFUSED)), 1, false);
}

TEST(AttemptPlan, WaitsForWhatRunsWhenNoAddressIsLeft) {
  AttemptPlan plan = plan_for({"1.1.1.1", "2.2.2.2"});
  plan.begin();
  plan.delay_passed();
  EXPECT_TRUE(waits(plan.delay_passed()));
  EXPECT_TRUE(waits(plan.attempt_failed(1, error(ECONNREFUSED))));
  EXPECT_TRUE(gives_up(plan.attempt_failed(0, error(ECONNREFUSED))));
}

TEST(AttemptPlan, ReportsEveryAddressThatWasTried) {
  AttemptPlan plan = plan_for({"1.1.1.1", "2.2.2.2"});
  plan.begin();
  plan.attempt_failed(0, error(ECONNREFUSED));
  plan.attempt_failed(1, error(ENETUNREACH));
  EXPECT_EQ(plan.failure().detail,
            "1.1.1.1:80: Connection refused; 2.2.2.2:80: Network is unreachable");
}

TEST(AttemptPlan, AtTheDeadlineNamesWhatDidNotAnswerAndLeavesOutWhatWasNotTried) {
  AttemptPlan plan = plan_for({"1.1.1.1", "2.2.2.2", "3.3.3.3"});
  plan.begin();
  plan.attempt_failed(0, error(ECONNREFUSED));
  const Failure failure = plan.deadline_failure();
  EXPECT_EQ(failure.reason, FailureReason::connect_timeout);
  EXPECT_EQ(failure.error, error(ETIMEDOUT));
  EXPECT_EQ(failure.detail, "1.1.1.1:80: Connection refused; 2.2.2.2:80: no answer in time");
}

struct Mapping {
  int error;
  FailureReason reason;
};

class AttemptPlanReason : public ::testing::TestWithParam<Mapping> {};

TEST_P(AttemptPlanReason, FollowsTheSystemsError) {
  AttemptPlan plan = plan_for({"1.1.1.1"});
  plan.begin();
  plan.attempt_failed(0, error(GetParam().error));
  EXPECT_EQ(plan.failure().reason, GetParam().reason);
  EXPECT_EQ(plan.failure().error, error(GetParam().error));
}

INSTANTIATE_TEST_SUITE_P(Errors, AttemptPlanReason,
                         ::testing::Values(Mapping{ECONNREFUSED, FailureReason::refused},
                                           Mapping{ENOENT, FailureReason::refused},
                                           Mapping{EAGAIN, FailureReason::refused},
                                           Mapping{ENETUNREACH, FailureReason::unreachable},
                                           Mapping{EHOSTUNREACH, FailureReason::unreachable},
                                           Mapping{EADDRNOTAVAIL, FailureReason::unreachable},
                                           Mapping{EAFNOSUPPORT, FailureReason::unreachable},
                                           Mapping{ETIMEDOUT, FailureReason::connect_timeout},
                                           Mapping{EMFILE, FailureReason::io_error},
                                           Mapping{EACCES, FailureReason::io_error}));

TEST(AttemptPlan, SaysWhatAFullBacklogIs) {
  AttemptPlan plan = plan_for({"1.1.1.1"});
  plan.begin();
  plan.attempt_failed(0, error(EAGAIN));
  EXPECT_EQ(plan.failure().detail, "1.1.1.1:80: the listener's backlog is full");
}

FailureReason reason_of_both(int first, int second) {
  AttemptPlan plan = plan_for({"1.1.1.1", "2.2.2.2"});
  plan.begin();
  plan.attempt_failed(0, error(first));
  plan.attempt_failed(1, error(second));
  return plan.failure().reason;
}

TEST(AttemptPlan, GivesTheReasonThatSaysMostWhateverTheOrder) {
  EXPECT_EQ(reason_of_both(ENETUNREACH, ECONNREFUSED), FailureReason::refused);
  EXPECT_EQ(reason_of_both(ECONNREFUSED, ENETUNREACH), FailureReason::refused);
  EXPECT_EQ(reason_of_both(ENETUNREACH, ETIMEDOUT), FailureReason::connect_timeout);
  EXPECT_EQ(reason_of_both(EACCES, ETIMEDOUT), FailureReason::connect_timeout);
  EXPECT_EQ(reason_of_both(ENETUNREACH, EACCES), FailureReason::io_error);
}

}  // namespace
}  // namespace spillway
