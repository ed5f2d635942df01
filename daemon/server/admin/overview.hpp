// What the control thread knows of the daemon without asking its loops.
#pragma once

#include "daemon/proxy/route.hpp"

#include <chrono>
#include <cstddef>
#include <cstdint>
#include <memory>
#include <optional>
#include <vector>

namespace spillway::server {

/// How the last reload of the configuration went. The one at the start counts as none.
struct ReloadStatus {
  struct Last {
    std::chrono::system_clock::time_point at;
    bool successful = false;
  };
  std::optional<Last> last = std::nullopt;
  /// When the configuration that is served was loaded.
  std::chrono::system_clock::time_point loaded = std::chrono::system_clock::now();
  std::uint64_t succeeded = 0;
  std::uint64_t failed = 0;

  void note_success() {
    loaded = std::chrono::system_clock::now();
    last = Last{loaded, true};
    ++succeeded;
  }
  void note_failure() {
    last = Last{std::chrono::system_clock::now(), false};
    ++failed;
  }
};

struct Overview {
  /// Those that take connections; others may have sessions left.
  std::vector<std::shared_ptr<const proxy::Route>> routes{};
  bool draining = false;
  std::size_t connections = 0;       // of the whole process
  std::size_t connection_limit = 0;  // 0 = none
  std::size_t memory_limit = 0;      // bytes in queues; 0 = none
  std::size_t lost_log_lines = 0;
  ReloadStatus reload{};
};

}  // namespace spillway::server
