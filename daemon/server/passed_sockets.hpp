// The sockets that the service manager opened for the process.
#pragma once

#include "daemon/config/config.hpp"

#include <map>
#include <string>
#include <string_view>
#include <vector>

namespace spillway::server {

/// Descriptors by name, as systemd passes them (sd_listen_fds(3)). They stay open as long as the
/// process lives: so a route may be removed and come back, and who connects meanwhile waits.
class PassedSockets {
 public:
  PassedSockets() = default;
  /// Of this process, from LISTEN_PID, LISTEN_FDS and LISTEN_FDNAMES; none where these are about
  /// another. Takes the variables out of the environment, and keeps the descriptors from programs
  /// that the process may start. Call once, before threads start.
  static PassedSockets take();

  /// Several sockets may have one name; empty where there is none.
  [[nodiscard]] const std::vector<int>& named(std::string_view name) const;
  /// Names that none of `routes` listens on: who connects there waits for nobody.
  [[nodiscard]] std::vector<std::string> unused(const std::vector<config::Route>& routes) const;
  /// For people: all names, or that there are none.
  [[nodiscard]] std::string names() const;

 private:
  std::map<std::string, std::vector<int>, std::less<>> by_name_;
};

}  // namespace spillway::server
