#include "daemon/command_line.hpp"

#include "daemon/config/paths.hpp"
#include "daemon/config/spelling.hpp"
#include "daemon/config/words.hpp"

#include <CLI/CLI.hpp>

#include <algorithm>
#include <filesystem>
#include <string_view>
#include <utility>

namespace spillway::command_line {

namespace {

using config::in_backticks;

constexpr std::string_view usage =
    "Usage: spillway run -c FILE | check -c FILE | echo --listen ADDR | proxy --listen ADDR --to "
    "ADDR | --version | --help\n"
    "Try: spillway echo --listen 127.0.0.1:7007 --self-signed\n";

/// Thrown for arguments that make no sense.
struct WrongUsage {
  std::string message;
};

/// What the options were given, as text.
struct Arguments {
  std::string config_path = "/etc/spillway/spillway.yaml";
  std::vector<std::string> listen;
  std::vector<std::string> to;
  std::string cert;
  std::string key;
  bool self_signed = false;
  std::string to_client;
  std::string to_upstream;
};

std::vector<Endpoint> endpoints(std::string_view option, const std::vector<std::string>& texts) {
  if (texts.empty()) throw WrongUsage{std::string(option) + " ADDR is missing"};
  std::vector<Endpoint> result;
  for (const std::string& text : texts) {
    auto endpoint = parse_endpoint(text);
    if (!endpoint) throw WrongUsage{std::string(option) + ": " + endpoint.error().message};
    result.push_back(*std::move(endpoint));
  }
  return result;
}

std::vector<Endpoint> servers(const std::vector<std::string>& texts) {
  std::vector<Endpoint> result = endpoints("--to", texts);
  for (const Endpoint& server : result) {
    const auto* address = std::get_if<HostPort>(&server);
    if (address == nullptr || address->port != 0) continue;
    throw WrongUsage{"--to: " + to_string(server) + " has port 0, which is for listening only"};
  }
  return result;
}

std::optional<config::Tls> tls(const Arguments& arguments) {
  if (!arguments.self_signed && arguments.cert.empty()) return std::nullopt;
  config::Tls result;
  result.self_signed = arguments.self_signed;
  if (!arguments.cert.empty()) {
    const std::filesystem::path folder = std::filesystem::current_path();
    const std::string& key = arguments.key.empty() ? arguments.cert : arguments.key;
    result.certificates.push_back(
        {config::absolute_path(folder, arguments.cert), config::absolute_path(folder, key)});
  }
  return result;
}

config::OverflowPolicy policy(std::string_view option, const std::string& word) {
  if (word.empty()) return config::OverflowPolicy::pause;
  const auto known = config::meaning(config::overflow_policies, word);
  if (known) return *known;
  throw WrongUsage{std::string(option) + ": " + in_backticks(word) + " is not known: " +
                   config::suggestion(word, config::texts(config::overflow_policies))};
}

/// The arguments' grammar, and where it puts what it reads.
class Grammar {
 public:
  Grammar() {
    app_.name("spillway");
    app_.set_help_flag("-h,--help", "Show this help");
    app_.add_flag("--version", version_, "Show the versions of spillway and what it runs with");
    // Unknown words are told by this file, with what was probably meant.
    app_.allow_extras();
    app_.require_subcommand(0, 1);
    app_.footer(
        "Example:\n  spillway echo --listen 127.0.0.1:7007 --self-signed\n\n"
        "See `spillway COMMAND --help` for the options of a command.");
    add_run();
    add_check();
    add_echo();
    add_proxy();
  }

  Command parse(int argc, const char* const* argv) {
    app_.parse(argc, argv);
    refuse_unknown_words();
    if (version_) return ShowVersion{};
    if (run_->parsed()) return Run{arguments_.config_path};
    if (check_->parsed()) return Check{arguments_.config_path};
    if (echo_->parsed()) return Echo{endpoints("--listen", arguments_.listen), tls(arguments_)};
    if (proxy_->parsed()) return proxy();
    throw WrongUsage{"a command is missing: write `run`, `check`, `echo` or `proxy`"};
  }

  [[nodiscard]] std::string help() const { return app_.help(); }

  /// "spillway", or "spillway run" as soon as the command is clear.
  [[nodiscard]] std::string program() const {
    const auto commands = app_.get_subcommands();
    return commands.empty() ? "spillway" : "spillway " + commands.front()->get_name();
  }

 private:
  void add_run() {
    run_ = app_.add_subcommand("run", "Serve the routes of a configuration file");
    run_->add_option("-c,--config", arguments_.config_path, "The file")
        ->type_name("FILE")
        ->capture_default_str();
    run_->footer("Example:\n  spillway run -c /etc/spillway/spillway.yaml");
  }

  void add_check() {
    check_ = app_.add_subcommand("check", "Check a configuration file and its certificates");
    check_->add_option("-c,--config", arguments_.config_path, "The file")
        ->type_name("FILE")
        ->capture_default_str();
    check_->footer("Example:\n  spillway check -c spillway.yaml");
  }

  void add_echo() {
    echo_ = app_.add_subcommand("echo", "Send back what comes, without a file");
    add_listener(*echo_);
    echo_->footer("Example:\n  spillway echo --listen 127.0.0.1:7007 --self-signed");
  }

  void add_proxy() {
    proxy_ = app_.add_subcommand("proxy", "Relay to a server, without a file");
    add_listener(*proxy_);
    add_list(*proxy_, "--to", arguments_.to, "Server: HOST:PORT or unix:PATH; several in order");
    add_policy("--overflow-to-client", arguments_.to_client, "When the client cannot keep up");
    add_policy("--overflow-to-upstream", arguments_.to_upstream, "When the server cannot keep up");
    proxy_->footer(
        "Example:\n  spillway proxy --listen 0.0.0.0:7443 --to 127.0.0.1:7000 "
        "--cert feed.crt --key feed.key");
  }

  void add_listener(CLI::App& command) {
    add_list(command, "--listen", arguments_.listen, "Where to listen: HOST:PORT or unix:PATH");
    CLI::Option* cert =
        command.add_option("--cert", arguments_.cert, "Certificate with its chain (PEM)")
            ->type_name("FILE");
    command.add_option("--key", arguments_.key, "Its key, if it is not in the same file")
        ->type_name("FILE")
        ->needs(cert);
    command.add_flag("--self-signed", arguments_.self_signed, "A certificate made for this run")
        ->excludes(cert);
  }

  // One value each time the option is given: what follows it is a word of its own.
  static void add_list(CLI::App& command, const std::string& name, std::vector<std::string>& values,
                       const std::string& description) {
    command.add_option(name, values, description)->type_name("ADDR")->allow_extra_args(false);
  }

  void add_policy(const std::string& name, std::string& word, const std::string& description) {
    proxy_->add_option(name, word, description + ": pause (the default)")->type_name("POLICY");
  }

  Command proxy() const {
    Proxy result;
    result.listen = endpoints("--listen", arguments_.listen);
    result.servers = servers(arguments_.to);
    result.tls = tls(arguments_);
    result.to_client = policy("--overflow-to-client", arguments_.to_client);
    result.to_upstream = policy("--overflow-to-upstream", arguments_.to_upstream);
    return result;
  }

  void refuse_unknown_words() const {
    if (const auto words = app_.remaining(); !words.empty()) refuse(app_, words.front());
    for (const CLI::App* command : app_.get_subcommands()) {
      if (const auto words = command->remaining(); !words.empty()) refuse(*command, words.front());
    }
  }

  [[noreturn]] static void refuse(const CLI::App& command, const std::string& word) {
    const bool is_option = word.starts_with('-');
    const std::vector<std::string> known = is_option ? options_of(command) : commands_of(command);
    const std::string_view name = std::string_view(word).substr(0, word.find('='));
    const std::vector<std::string_view> candidates(known.begin(), known.end());
    std::string message = is_option       ? "unknown option "
                          : known.empty() ? "unexpected word "
                                          : "unknown command ";
    message += in_backticks(name);
    if (const auto meant = config::nearest(name, candidates)) {
      message += ": did you mean " + in_backticks(*meant) + '?';
    } else if (!is_option && !known.empty()) {
      message += ": write " + config::alternatives(candidates);
    }
    throw WrongUsage{std::move(message)};
  }

  static std::vector<std::string> options_of(const CLI::App& command) {
    std::vector<std::string> names;
    for (const CLI::Option* option : command.get_options()) {
      for (const std::string& name : option->get_lnames()) names.push_back("--" + name);
    }
    return names;
  }

  static std::vector<std::string> commands_of(const CLI::App& command) {
    std::vector<std::string> names;
    for (const CLI::App* one : command.get_subcommands({})) names.push_back(one->get_name());
    return names;
  }

  Arguments arguments_;
  bool version_ = false;
  CLI::App app_{"A TLS-terminating TCP proxy whose answer to slow peers is yours to choose"};
  CLI::App* run_ = nullptr;
  CLI::App* check_ = nullptr;
  CLI::App* echo_ = nullptr;
  CLI::App* proxy_ = nullptr;
};

Exit wrong_usage(const std::string& program, std::string message) {
  std::replace(message.begin(), message.end(), '\n', ' ');
  return {2, Exit::Stream::standard_error,
          program + ": " + message + " (see " + program + " --help)\n"};
}

config::Route listening_route(const std::string& name, const std::vector<Endpoint>& listen,
                              const std::optional<config::Tls>& tls) {
  config::Route route;
  route.name = name;
  route.listen = listen;
  route.tls = tls;
  return route;
}

}  // namespace

Command parse(int argc, const char* const* argv) {
  if (argc < 2) return Exit{2, Exit::Stream::standard_error, std::string(usage)};
  Grammar grammar;
  try {
    return grammar.parse(argc, argv);
  } catch (const CLI::CallForHelp&) {
    return Exit{0, Exit::Stream::standard_output, grammar.help()};
  } catch (const CLI::ParseError& error) {
    return wrong_usage(grammar.program(), error.what());
  } catch (const WrongUsage& error) {
    return wrong_usage(grammar.program(), error.message);
  }
}

config::Config to_config(const Echo& echo) {
  config::Config config;
  config.routes.push_back(listening_route("echo", echo.listen, echo.tls));
  config.routes.back().echo = true;
  return config;
}

config::Config to_config(const Proxy& proxy) {
  config::Config config;
  config::Route& route =
      config.routes.emplace_back(listening_route("proxy", proxy.listen, proxy.tls));
  route.upstream = config::Upstream{};
  route.upstream->servers = proxy.servers;
  route.to_client.policy = proxy.to_client;
  route.to_upstream.policy = proxy.to_upstream;
  return config;
}

}  // namespace spillway::command_line
