// A session as it is while it lives.
#pragma once

#include <chrono>
#include <compare>
#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

namespace spillway::observe {

/// How much a session suffers from its slow side: greater is worse.
struct Trouble {
  bool slow = false;
  std::chrono::nanoseconds throttled{0};
  std::uint64_t queued_bytes = 0;

  auto operator<=>(const Trouble&) const = default;
};

/// One direction.
struct LiveFlow {
  std::uint64_t bytes_in = 0;
  std::uint64_t bytes_out = 0;
  std::uint64_t queued_bytes = 0;
  std::uint64_t queued_messages = 0;
  std::uint64_t queue_peak = 0;
  std::uint64_t dropped_messages = 0;
  std::uint64_t dropped_bytes = 0;
  std::uint64_t pauses = 0;
  // How long the sink has not been writeable; 0 if it is.
  std::chrono::nanoseconds throttled{0};
  bool slow = false;
};

struct LiveConnection {
  std::uint64_t id = 0;
  std::string route;
  std::string listen;
  std::string client;
  std::string upstream;
  std::string_view phase;
  std::string server_name;
  std::string tls_version;
  std::string cipher;
  bool resumed = false;
  std::string client_subject;
  std::chrono::nanoseconds age{0};
  // Since bytes last moved.
  std::chrono::nanoseconds idle{0};
  bool has_upstream = false;  // an echo session has no direction to_upstream
  LiveFlow to_upstream;
  LiveFlow to_client;
  Trouble trouble;
};

/// Which sessions to tell of.
struct ConnectionQuery {
  std::string route{};  // empty = of all
  bool slow_only = false;
  std::size_t most = 0;
};

/// Those that suffer most, the worst first, and how many there are of the kind.
struct ConnectionList {
  std::uint64_t matching = 0;
  std::vector<LiveConnection> worst;
};

/// The order of a list.
inline bool is_worse(const Trouble& one, std::uint64_t id, const Trouble& other,
                     std::uint64_t other_id) {
  return one != other ? one > other : id < other_id;
}

}  // namespace spillway::observe
