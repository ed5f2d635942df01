// The configuration as plain values: what a file or a command line says, checked, defaults filled.
#pragma once

#include <spillway/endpoint.hpp>
#include <spillway/tls/tls_options.hpp>

#include <chrono>
#include <cstddef>
#include <optional>
#include <string>
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
};

struct Shutdown {
  std::chrono::milliseconds drain_timeout{std::chrono::seconds(30)};
};

/// A certificate and its key as files; paths are absolute. `key` is the same file as `cert` where
/// one file holds both.
struct CertificateFiles {
  std::string cert;
  std::string key;
};

struct Tls {
  std::vector<CertificateFiles> certificates;
  bool self_signed = false;
  TlsVersion min_version = TlsVersion::tls_1_2;
  std::chrono::milliseconds handshake_timeout{std::chrono::seconds(10)};
};

struct Upstream {
  std::vector<Endpoint> servers;  // at least one; tried in order
  std::chrono::milliseconds connect_timeout{std::chrono::seconds(5)};
};

/// 0 = off.
struct Timeouts {
  std::chrono::milliseconds idle{std::chrono::minutes(10)};
  std::chrono::milliseconds half_close{std::chrono::minutes(1)};
  std::chrono::milliseconds lifetime{0};
};

enum class OverflowPolicy { pause };

/// One direction's answer to a peer that cannot keep up.
struct Overflow {
  OverflowPolicy policy = OverflowPolicy::pause;
  std::size_t queue = 64 * 1024;  // bytes
};

struct Route {
  std::string name;
  std::vector<Endpoint> listen;  // at least one
  std::optional<Tls> tls;        // none = plain TCP
  std::optional<Upstream> upstream;
  bool echo = false;  // exactly one of echo and upstream
  Timeouts timeouts;
  Overflow to_client;
  Overflow to_upstream;
};

struct Config {
  unsigned threads = 0;  // event loops; 0 = one per usable CPU
  Log log;
  Shutdown shutdown;
  std::vector<Route> routes;  // at least one
};

}  // namespace spillway::config
