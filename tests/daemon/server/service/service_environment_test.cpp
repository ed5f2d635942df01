#include "daemon/server/service/service_environment.hpp"

#include <gtest/gtest.h>

#include <unistd.h>

#include <chrono>
#include <cstdlib>
#include <string>

namespace spillway::testing {
namespace {

using server::service::ServiceEnvironment;
using std::chrono::seconds;

ServiceEnvironment take(const char* interval, const std::string& process) {
  ::setenv("NOTIFY_SOCKET", "/run/systemd/notify", 1);
  ::setenv("WATCHDOG_USEC", interval, 1);
  process.empty() ? ::unsetenv("WATCHDOG_PID") : ::setenv("WATCHDOG_PID", process.c_str(), 1);
  return ServiceEnvironment::take();
}

TEST(ServiceEnvironment, HasTheSocketAndTheWatchdogOfThisProcess) {
  for (const std::string& process : {std::to_string(::getpid()), std::string()}) {
    const auto taken = take("30000000", process);
    EXPECT_EQ(taken.notify_socket, "/run/systemd/notify");
    EXPECT_EQ(taken.watchdog, seconds(30));
  }
}

TEST(ServiceEnvironment, AnotherProcessesWatchdogIsNotOurs) {
  for (const char* process : {"1", "x"}) {
    const auto taken = take("30000000", process);
    EXPECT_EQ(taken.notify_socket, "/run/systemd/notify");
    EXPECT_FALSE(taken.watchdog) << process;
  }
}

TEST(ServiceEnvironment, AnIntervalThatIsNoneIsNone) {
  for (const char* interval : {"", "0", "-1", "30s", "99999999999999999999"}) {
    EXPECT_FALSE(take(interval, "").watchdog) << interval;
  }
}

TEST(ServiceEnvironment, IsTakenOnce) {
  take("30000000", std::to_string(::getpid()));
  for (const char* name : {"NOTIFY_SOCKET", "WATCHDOG_USEC", "WATCHDOG_PID"}) {
    EXPECT_EQ(std::getenv(name), nullptr) << name;
  }
  const auto again = ServiceEnvironment::take();
  EXPECT_EQ(again.notify_socket, "");
  EXPECT_FALSE(again.watchdog);
}

}  // namespace
}  // namespace spillway::testing
