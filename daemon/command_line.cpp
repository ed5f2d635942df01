#include "daemon/command_line.hpp"

#include "daemon/arguments.hpp"
#include "daemon/config/spelling.hpp"
#include "daemon/config/words.hpp"

#include <CLI/CLI.hpp>

#include <algorithm>
#include <string_view>
#include <utility>

namespace spillway::command_line {

namespace {

using config::in_backticks;

constexpr std::string_view usage =
    "Usage: spillway run -c FILE | check -c FILE | echo --listen ADDR | proxy --listen ADDR --to "
    "ADDR | status | --version | --help\n"
    "Try: spillway echo --listen 127.0.0.1:7007 --self-signed\n";

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
    add_status();
  }

  Command parse(int argc, const char* const* argv) {
    app_.parse(argc, argv);
    refuse_unknown_words();
    if (version_) return ShowVersion{};
    if (run_->parsed()) return Run{arguments_.config_path};
    if (check_->parsed()) return Check{arguments_.config_path};
    if (echo_->parsed()) return to_echo(arguments_);
    if (proxy_->parsed()) return to_proxy(arguments_);
    if (status_->parsed()) {
      arguments_.has_config_path = status_->count("--config") > 0;
      return to_status(arguments_);
    }
    throw WrongUsage{"a command is missing: write `run`, `check`, `echo`, `proxy` or `status`"};
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
    add_policy(*echo_, "--overflow", arguments_.overflow, "When the client cannot keep up");
    add_framing(*echo_);
    echo_->footer("Example:\n  spillway echo --listen 127.0.0.1:7007 --self-signed");
  }

  void add_proxy() {
    proxy_ = app_.add_subcommand("proxy", "Relay to a server, without a file");
    add_listener(*proxy_);
    add_list(*proxy_, "--to", arguments_.to, "Server: HOST:PORT or unix:PATH; several in order");
    add_upstream_tls(*proxy_);
    add_policy(*proxy_, "--overflow-to-client", arguments_.to_client,
               "When the client cannot keep up");
    add_policy(*proxy_, "--overflow-to-upstream", arguments_.to_upstream,
               "When the server cannot keep up");
    add_framing(*proxy_);
    proxy_->footer(
        "Example:\n  spillway proxy --listen 0.0.0.0:7443 --to 127.0.0.1:7000 "
        "--cert feed.crt --key feed.key");
  }

  void add_status() {
    status_ = app_.add_subcommand("status", "Show how a running daemon is");
    status_
        ->add_option("--admin", arguments_.admin,
                     "Its admin address: HOST:PORT or unix:PATH (default: what the file says, else "
                     "127.0.0.1:9464)")
        ->type_name("ADDR");
    status_->add_option("-c,--config", arguments_.config_path, "The file with `admin.listen`")
        ->type_name("FILE")
        ->capture_default_str();
    status_->add_flag("--watch", arguments_.watch, "Again each second, with figures per second");
    status_->add_flag("--json", arguments_.json, "As the daemon tells it, for programs");
    status_->footer(
        "Exit code: 0 ready, 1 not reachable or not well, 3 draining.\n\n"
        "Example:\n  spillway status --admin unix:/run/spillway/admin.sock --watch");
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

  void add_upstream_tls(CLI::App& command) {
    CLI::Option* tls = command.add_flag("--to-tls", arguments_.to_tls, "TLS towards the server");
    CLI::Option* ca = command
                          .add_option("--to-ca", arguments_.to_ca,
                                      "Certificates to trust (PEM), not the system's")
                          ->type_name("FILE")
                          ->needs(tls);
    command
        .add_option("--to-name", arguments_.to_name,
                    "What the server's certificate must be for, if not the host of --to")
        ->type_name("NAME")
        ->needs(tls);
    command
        .add_flag("--to-insecure", arguments_.to_insecure, "Do not verify the server's certificate")
        ->needs(tls)
        ->excludes(ca);
  }

  // One value each time the option is given: what follows it is a word of its own.
  static void add_list(CLI::App& command, const std::string& name, std::vector<std::string>& values,
                       const std::string& description) {
    command.add_option(name, values, description)->type_name("ADDR")->allow_extra_args(false);
  }

  static void add_policy(CLI::App& command, const std::string& name, std::string& word,
                         const std::string& description) {
    command.add_option(name, word, description + ": " + listed(config::overflow_policies))
        ->type_name("POLICY");
  }

  void add_framing(CLI::App& command) {
    command
        .add_option("--framing", arguments_.framing,
                    "How messages end, which drop_* need: " + listed(config::plain_framings))
        ->type_name("FRAMING");
  }

  /// "pause (the default), close".
  template <class T, std::size_t N>
  static std::string listed(const std::array<config::Word<T>, N>& words) {
    std::string text(words.front().text);
    text += " (the default)";
    for (std::size_t i = 1; i < N; ++i) text += ", " + std::string(words[i].text);
    return text;
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
  CLI::App* status_ = nullptr;
};

Exit wrong_usage(const std::string& program, std::string message) {
  std::replace(message.begin(), message.end(), '\n', ' ');
  return {2, Exit::Stream::standard_error,
          program + ": " + message + " (see " + program + " --help)\n"};
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

}  // namespace spillway::command_line
