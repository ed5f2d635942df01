// What the command line asks for.
#pragma once

#include "daemon/config/config.hpp"
#include "daemon/config/listen_address.hpp"

#include <optional>
#include <string>
#include <variant>
#include <vector>

namespace spillway::command_line {

/// `spillway run`: serve a configuration file.
struct Run {
  std::string config_path;
};

/// `spillway check`: check a configuration file.
struct Check {
  std::string config_path;
};

/// `spillway echo`: one echo route without a file.
struct Echo {
  std::vector<config::ListenAddress> listen;  // at least one
  std::optional<config::Tls> tls;
  config::Framing framing;
  config::OverflowPolicy overflow = config::OverflowPolicy::pause;
};

/// `spillway proxy`: one proxy route without a file.
struct Proxy {
  std::vector<config::ListenAddress> listen;  // at least one
  std::optional<config::Tls> tls;
  config::Upstream upstream;
  config::Framing framing;
  config::OverflowPolicy to_client = config::OverflowPolicy::pause;
  config::OverflowPolicy to_upstream = config::OverflowPolicy::pause;
};

/// `spillway status`: ask a running daemon.
struct Status {
  /// None: where the configuration says, or the default.
  std::optional<Endpoint> admin;
  /// None: the usual file, if it is there.
  std::optional<std::string> config_path;
  bool watch = false;
  bool json = false;
};

struct ShowVersion {};

/// Nothing to run: the text is all there is to say, and ends with a line's end.
struct Exit {
  enum class Stream { standard_output, standard_error };

  int code;
  Stream stream;
  std::string text;
};

using Command = std::variant<Run, Check, Echo, Proxy, Status, ShowVersion, Exit>;

/// The configuration file where none is named.
inline constexpr const char* default_config_path = "/etc/spillway/spillway.yaml";

/// Reads the arguments. Help is an Exit with code 0; wrong usage one with code 2 and a single line.
Command parse(int argc, const char* const* argv);

/// A configuration of one route. Whether its certificates load is for `config::validate` to say.
config::Config to_config(const Echo& echo);
config::Config to_config(const Proxy& proxy);

}  // namespace spillway::command_line
