#include "daemon/server/service/service_environment.hpp"

#include "daemon/server/take_variable.hpp"

#include <unistd.h>

#include <charconv>
#include <cstdint>
#include <string_view>

namespace spillway::server::service {

namespace {

/// None where it is no number above 0.
std::optional<std::int64_t> count(std::string_view text) {
  std::int64_t value = 0;
  const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), value);
  if (error != std::errc{} || end != text.data() + text.size() || value <= 0) return std::nullopt;
  return value;
}

}  // namespace

ServiceEnvironment ServiceEnvironment::take() {
  ServiceEnvironment environment{.notify_socket = take_variable("NOTIFY_SOCKET")};
  const auto interval = count(take_variable("WATCHDOG_USEC"));
  const std::string process = take_variable("WATCHDOG_PID");
  if (!interval) return environment;
  // About whoever started this process, and inherited.
  if (!process.empty() && count(process) != ::getpid()) return environment;
  environment.watchdog = std::chrono::microseconds(*interval);
  return environment;
}

}  // namespace spillway::server::service
