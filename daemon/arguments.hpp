// The options of a command as they were given, and what they mean.
#pragma once

#include "daemon/command_line.hpp"

#include <string>
#include <vector>

namespace spillway::command_line {

/// Thrown for arguments that make no sense.
struct WrongUsage {
  std::string message;
};

/// As text; empty where an option was not given.
struct Arguments {
  std::string config_path = default_config_path;
  std::vector<std::string> listen;
  std::vector<std::string> to;
  bool to_tls = false;
  std::string to_ca;
  std::string to_name;
  bool to_insecure = false;
  std::string cert;
  std::string key;
  bool self_signed = false;
  std::string framing;
  std::string overflow;
  std::string to_client;
  std::string to_upstream;
  std::string admin;
  bool has_config_path = false;
  bool watch = false;
  bool json = false;
};

// All throw WrongUsage.
Echo to_echo(const Arguments& arguments);
Proxy to_proxy(const Arguments& arguments);
Status to_status(const Arguments& arguments);

}  // namespace spillway::command_line
