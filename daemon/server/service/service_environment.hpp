// What the service manager wants to be told, and where.
#pragma once

#include <chrono>
#include <optional>
#include <string>

namespace spillway::server::service {

struct ServiceEnvironment {
  /// The address of its socket; empty: nobody wants to be told anything.
  std::string notify_socket = {};
  /// It ends the process that has not fed its watchdog for so long.
  std::optional<std::chrono::microseconds> watchdog = std::nullopt;

  /// From NOTIFY_SOCKET, WATCHDOG_USEC and WATCHDOG_PID (sd_notify(3), sd_watchdog_enabled(3)).
  /// Takes the variables out of the environment. Call once, before threads start.
  static ServiceEnvironment take();
};

}  // namespace spillway::server::service
