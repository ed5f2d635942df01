// The configuration as plain values: what a file or a command line says, checked, defaults filled.
#pragma once

#include "daemon/config/listen_address.hpp"

#include <spillway/endpoint.hpp>
#include <spillway/tls/tls_options.hpp>

#include <chrono>
#include <cstddef>
#include <optional>
#include <string>
#include <variant>
#include <vector>

namespace spillway::config {

enum class LogLevel { debug, info, warning, error };
enum class LogFormat { text, json };
enum class LogTarget { standard_error, standard_output, journald, file };

struct Log {
  LogLevel level = LogLevel::info;
  LogFormat format = LogFormat::text;
  LogTarget target = LogTarget::standard_error;
  std::string file;  // for LogTarget::file: absolute
  bool operator==(const Log&) const = default;
};

/// Where the admin address is.
struct Admin {
  /// A literal address, `localhost` or a unix path; none = there is no admin address.
  std::optional<Endpoint> listen;
  bool operator==(const Admin&) const = default;
};

struct Shutdown {
  std::chrono::milliseconds drain_timeout{std::chrono::seconds(30)};
  bool operator==(const Shutdown&) const = default;
};

struct Metrics {
  std::chrono::milliseconds log_interval{std::chrono::seconds(30)};  // 0 = off
  bool operator==(const Metrics&) const = default;
};

/// What a limit of connections may be at most: more than any machine has descriptors.
inline constexpr std::size_t max_connections = 1'000'000'000;

/// Of the process as a whole; 0 = no limit.
struct Limits {
  std::size_t connections = 100'000;  // clients at a time
  std::size_t memory = 0;             // bytes that wait in the queues of all sessions together
  bool operator==(const Limits&) const = default;
};

/// A certificate and its key as files; paths are absolute. `key` is the same file as `cert` where
/// one file holds both.
struct CertificateFiles {
  std::string cert;
  std::string key;
  auto operator<=>(const CertificateFiles&) const = default;
};

struct Tls {
  std::vector<CertificateFiles> certificates;
  bool self_signed = false;
  TlsVersion min_version = TlsVersion::tls_1_2;
  std::chrono::milliseconds handshake_timeout{std::chrono::seconds(10)};
  bool operator==(const Tls&) const = default;
};

/// TLS towards the servers of a route.
struct UpstreamTls {
  /// A file of the certificates to trust, absolute; empty = the system's store.
  std::string ca;
  /// What every server's certificate must be for, and what is sent as SNI: a host name or an IP
  /// address. Empty = the host of the servers. The connection is given one name before it is known
  /// which server answers: servers of several hosts, and a unix socket, need it to be written.
  std::string server_name;
  /// Whoever answers is taken for the server.
  bool insecure_skip_verify = false;
  TlsVersion min_version = TlsVersion::tls_1_2;
  std::chrono::milliseconds handshake_timeout{std::chrono::seconds(10)};
  bool operator==(const UpstreamTls&) const = default;
};

struct Upstream {
  std::vector<Endpoint> servers;  // at least one; tried in order
  std::chrono::milliseconds connect_timeout{std::chrono::seconds(5)};
  std::optional<UpstreamTls> tls = std::nullopt;  // none = plain TCP
  bool operator==(const Upstream&) const = default;
};

/// 0 = off.
struct Timeouts {
  std::chrono::milliseconds idle{std::chrono::minutes(10)};
  std::chrono::milliseconds half_close{std::chrono::minutes(1)};
  std::chrono::milliseconds lifetime{0};
  bool operator==(const Timeouts&) const = default;
};

/// No messages: a byte stream.
struct NoFraming {
  bool operator==(const NoFraming&) const = default;
};
/// Messages end with a line feed.
struct LineFraming {
  bool operator==(const LineFraming&) const = default;
};
/// Messages end with these bytes.
struct DelimiterFraming {
  std::string delimiter;  // 1 to 64 bytes
  bool operator==(const DelimiterFraming&) const = default;
};
enum class ByteOrder { big, little };
/// Messages start with their length.
struct LengthPrefixFraming {
  unsigned bytes = 4;  // 1, 2, 4 or 8
  ByteOrder order = ByteOrder::big;
  bool includes_header = false;  // the length counts its own bytes
  bool operator==(const LengthPrefixFraming&) const = default;
};
/// All messages have one size.
struct FixedFraming {
  std::size_t size = 1;  // bytes
  bool operator==(const FixedFraming&) const = default;
};
using Framing =
    std::variant<NoFraming, LineFraming, DelimiterFraming, LengthPrefixFraming, FixedFraming>;

inline bool has_messages(const Framing& framing) {
  return !std::holds_alternative<NoFraming>(framing);
}

enum class OverflowPolicy { pause, drop_newest, drop_oldest, close };

/// One direction's answer to a peer that cannot keep up.
struct Overflow {
  OverflowPolicy policy = OverflowPolicy::pause;
  std::size_t queue = 64 * 1024;               // bytes; 0 = no queue
  std::size_t queue_messages = 0;              // 0 = no limit
  std::chrono::milliseconds stall_timeout{0};  // 0 = off
  std::chrono::milliseconds max_age{0};        // 0 = off
  std::chrono::milliseconds slow_after{std::chrono::seconds(1)};
  bool operator==(const Overflow&) const = default;
};

/// What `stall_timeout` is where it is not written.
constexpr std::chrono::milliseconds default_stall_timeout(OverflowPolicy policy) {
  return policy == OverflowPolicy::pause ? std::chrono::seconds(0) : std::chrono::seconds(60);
}

/// True for the policies that drop: they need messages.
constexpr bool drops(OverflowPolicy policy) {
  return policy == OverflowPolicy::drop_newest || policy == OverflowPolicy::drop_oldest;
}

/// Of one route; 0 = no limit.
struct RouteLimits {
  std::size_t connections = 10'000;  // clients at a time
  bool operator==(const RouteLimits&) const = default;
};

struct Route {
  std::string name;
  std::vector<ListenAddress> listen;  // at least one
  std::optional<Tls> tls;             // none = plain TCP
  std::optional<Upstream> upstream;
  bool echo = false;  // exactly one of echo and upstream
  Timeouts timeouts;
  RouteLimits limits;
  std::size_t notsent_lowat = 16 * 1024;  // bytes; 0 = the system's default
  Framing framing;
  std::size_t max_message = 64 * 1024;  // bytes on the wire, delimiter or length included; not 0
  Overflow to_client;
  Overflow to_upstream;
  bool operator==(const Route&) const = default;
};

struct Config {
  unsigned threads = 0;  // event loops; 0 = one per usable CPU
  Log log;
  Metrics metrics;
  Admin admin;
  Shutdown shutdown;
  Limits limits;
  std::vector<Route> routes;  // at least one
  bool operator==(const Config&) const = default;
};

}  // namespace spillway::config
