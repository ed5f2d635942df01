#include "daemon/command_line.hpp"
#include "daemon/config/config.hpp"
#include "daemon/config/fault.hpp"
#include "daemon/config/load.hpp"
#include "daemon/config/machine_memory.hpp"
#include "daemon/config/print.hpp"
#include "daemon/config/tls_contexts.hpp"
#include "daemon/config/validate.hpp"
#include "daemon/observe/event.hpp"
#include "daemon/observe/journal_stream.hpp"
#include "daemon/observe/log.hpp"
#include "daemon/server/admin/status_command.hpp"
#include "daemon/server/admin/terminal_size.hpp"
#include "daemon/server/process.hpp"
#include "daemon/server/server.hpp"
#include "daemon/server/service/service_environment.hpp"

#include <spillway/tls/record_buffers.hpp>
#include <spillway/version.hpp>

#include <unistd.h>

#include <exception>
#include <filesystem>
#include <iostream>
#include <string>
#include <string_view>
#include <system_error>
#include <utility>
#include <variant>

namespace {

namespace command_line = spillway::command_line;
namespace config = spillway::config;
namespace observe = spillway::observe;
namespace server = spillway::server;

// Exit codes: 0 a clean stop, 1 a fault, 2 wrong usage (from the command line itself).
constexpr int fault = 1;

// What makes the line an error to the journal (sd-daemon(3)).
std::string_view error_mark() { return observe::is_journal(STDERR_FILENO) ? "<3>" : ""; }

int refuse(const config::Faults& faults) {
  for (const config::Fault& each : faults) std::cerr << error_mark() << to_string(each) << '\n';
  return fault;
}

int refuse(std::string_view words) {
  std::cerr << error_mark() << "spillway: " << words << '\n';
  return fault;
}

// What the service manager left in the environment.
server::Server::Options take_options() {
  return {.passed = server::PassedSockets::take(),
          .reread = nullptr,
          .service = server::service::ServiceEnvironment::take()};
}

int serve(config::Config config, config::TlsContexts contexts, std::string_view config_path,
          server::Server::Options options) {
  auto log = observe::open_log(config.log);
  if (!log) return refuse(log.error().message);
  auto daemon =
      server::Server::create(std::move(config), std::move(contexts), **log, std::move(options));
  if (!daemon) return refuse(daemon.error().message);
  (*log)->write(observe::Event(config::LogLevel::info, "starting")
                    .with("version", spillway::library_version())
                    .with("loops", (*daemon)->loops())
                    .with("config", config_path));
  return (*daemon)->run();
}

int serve_without_file(config::Config config) {
  server::Server::Options options = take_options();
  config::TlsContexts contexts;
  if (const config::Faults faults = config::validate(config, contexts); !faults.empty()) {
    return refuse(faults);
  }
  return serve(std::move(config), std::move(contexts), "", std::move(options));
}

// Where the daemon is to be asked. A file that nobody named need not be there.
boost::system::result<spillway::Endpoint, config::Faults> admin_of(
    const command_line::Status& status) {
  if (status.admin) return *status.admin;
  const std::string path = status.config_path.value_or(command_line::default_config_path);
  const auto found = config::load_admin(path);
  std::error_code ignored;
  const bool is_there = status.config_path || std::filesystem::exists(path, ignored);
  if (!found && is_there) return found.error();
  if (!found || !found->listen) return spillway::HostPort{"127.0.0.1", 9464};
  const auto* address = std::get_if<spillway::HostPort>(&*found->listen);
  if (address == nullptr || address->port != 0) return server::admin::reachable(*found->listen);
  config::Fault ephemeral;
  ephemeral.file = path;
  ephemeral.message =
      "`admin.listen` has port 0: the daemon's `admin_listening` line tells which one it got, for "
      "`--admin`";
  return config::Faults{ephemeral};
}

struct Execute {
  int operator()(const command_line::Run& run) const {
    server::Server::Options options = take_options();
    options.reread = [path = run.config_path](config::TlsContexts& contexts) {
      return config::load(path, contexts);
    };
    config::TlsContexts contexts;
    auto config = options.reread(contexts);
    if (!config) return refuse(config.error());
    return serve(*std::move(config), std::move(contexts), run.config_path, std::move(options));
  }

  int operator()(const command_line::Check& check) const {
    config::TlsContexts contexts;
    const auto config = config::load(check.config_path, contexts);
    if (!config) return refuse(config.error());
    std::cout << config::print(*config, check.config_path, config::machine_memory());
    return 0;
  }

  int operator()(const command_line::Echo& echo) const {
    return serve_without_file(command_line::to_config(echo));
  }

  int operator()(const command_line::Proxy& proxy) const {
    return serve_without_file(command_line::to_config(proxy));
  }

  int operator()(const command_line::Status& status) const {
    const auto admin = admin_of(status);
    if (!admin) return refuse(admin.error());
    const server::admin::StatusRequest request{
        .admin = *admin, .watch = status.watch, .json = status.json, .terminal = [] {
          return server::admin::terminal_size(STDOUT_FILENO);
        }};
    return server::admin::run_status(request, std::cout, std::cerr);
  }

  int operator()(const command_line::ShowVersion&) const {
    std::cout << "spillway " << spillway::library_version() << "\nBoost "
              << spillway::boost_version() << "\nOpenSSL " << spillway::tls_library_version()
              << "\nspdlog " << observe::logging_library_version() << "\nyaml-cpp "
              << config::yaml_version() << '\n';
    return 0;
  }

  int operator()(const command_line::Exit& exit) const {
    const bool to_output = exit.stream == command_line::Exit::Stream::standard_output;
    (to_output ? std::cout : std::cerr) << exit.text;
    return exit.code;
  }
};

}  // namespace

int main(int argc, char** argv) {
  spillway::keep_record_buffers();
  server::prepare_process();
  try {
    return std::visit(Execute{}, command_line::parse(argc, argv));
  } catch (const std::exception& error) {
    // Most likely for want of resources: each event loop takes a thread and a few descriptors.
    return refuse(
        std::string("cannot start: ") + error.what() +
        " (if it is about resources: raise `ulimit -n` and `ulimit -u`, or lower `threads`)");
  }
}
