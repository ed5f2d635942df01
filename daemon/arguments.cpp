#include "daemon/arguments.hpp"

#include "daemon/config/paths.hpp"
#include "daemon/config/server_name.hpp"
#include "daemon/config/spelling.hpp"
#include "daemon/config/words.hpp"

#include <array>
#include <filesystem>
#include <string_view>

namespace spillway::command_line {

namespace {

using config::in_backticks;

template <class Address, auto parse>
std::vector<Address> addresses(std::string_view option, const std::vector<std::string>& texts) {
  if (texts.empty()) throw WrongUsage{std::string(option) + " ADDR is missing"};
  std::vector<Address> result;
  for (const std::string& text : texts) {
    auto address = parse(text);
    if (!address) throw WrongUsage{std::string(option) + ": " + address.error().message};
    result.push_back(*std::move(address));
  }
  return result;
}

std::vector<config::ListenAddress> listen_addresses(const std::vector<std::string>& texts) {
  return addresses<config::ListenAddress, config::parse_listen_address>("--listen", texts);
}

/// `hint`: where to find the right port.
std::vector<Endpoint> servers(std::string_view option, const std::vector<std::string>& texts,
                              std::string_view hint = {}) {
  std::vector<Endpoint> result = addresses<Endpoint, parse_endpoint>(option, texts);
  for (const Endpoint& server : result) {
    const auto* address = std::get_if<HostPort>(&server);
    if (address == nullptr || address->port != 0) continue;
    throw WrongUsage{std::string(option) + ": " + to_string(server) +
                     " has port 0, which is for listening only" + std::string(hint)};
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

std::optional<config::UpstreamTls> upstream_tls(const Arguments& arguments) {
  if (!arguments.to_tls) return std::nullopt;
  config::UpstreamTls result;
  if (!arguments.to_ca.empty()) {
    result.ca = config::absolute_path(std::filesystem::current_path(), arguments.to_ca);
  }
  if (!arguments.to_name.empty() && !config::is_server_name(arguments.to_name)) {
    throw WrongUsage{"--to-name: " + in_backticks(arguments.to_name) +
                     " is no host name: write it without a port or a wildcard"};
  }
  result.server_name = arguments.to_name;
  result.insecure_skip_verify = arguments.to_insecure;
  return result;
}

config::Upstream upstream(const Arguments& arguments) {
  config::Upstream result;
  result.servers = servers("--to", arguments.to);
  result.tls = upstream_tls(arguments);
  if (!result.tls || result.tls->insecure_skip_verify) return result;
  if (const auto name = config::server_name(result); !name) {
    throw WrongUsage{"--to-tls: " + name.error().message + ": add `--to-name NAME`"};
  }
  return result;
}

template <class T, std::size_t N>
T choice(std::string_view option, const std::string& word,
         const std::array<config::Word<T>, N>& words) {
  if (word.empty()) return words.front().meaning;
  if (const auto known = config::meaning(words, word)) return *known;
  throw WrongUsage{std::string(option) + ": " + in_backticks(word) +
                   " is not known: " + config::suggestion(word, config::texts(words))};
}

config::Framing framing(const Arguments& arguments) {
  return config::to_framing(choice("--framing", arguments.framing, config::plain_framings));
}

config::OverflowPolicy policy(std::string_view option, const std::string& word,
                              const config::Framing& framing) {
  const config::OverflowPolicy result = choice(option, word, config::overflow_policies);
  if (!config::drops(result) || config::has_messages(framing)) return result;
  throw WrongUsage{std::string(option) + ": " + in_backticks(word) +
                   " needs message boundaries, without which a drop would tear the stream: add "
                   "`--framing line`"};
}

config::Route listening_route(const std::string& name,
                              const std::vector<config::ListenAddress>& listen,
                              const std::optional<config::Tls>& tls,
                              const config::Framing& framing) {
  config::Route route;
  route.name = name;
  route.listen = listen;
  route.tls = tls;
  route.framing = framing;
  return route;
}

config::Overflow with_policy(config::OverflowPolicy policy) {
  config::Overflow overflow;
  overflow.policy = policy;
  overflow.stall_timeout = config::default_stall_timeout(policy);
  return overflow;
}

}  // namespace

Echo to_echo(const Arguments& arguments) {
  Echo result;
  result.listen = listen_addresses(arguments.listen);
  result.tls = tls(arguments);
  result.framing = framing(arguments);
  result.overflow = policy("--overflow", arguments.overflow, result.framing);
  return result;
}

Proxy to_proxy(const Arguments& arguments) {
  Proxy result;
  result.listen = listen_addresses(arguments.listen);
  result.tls = tls(arguments);
  result.upstream = upstream(arguments);
  result.framing = framing(arguments);
  result.to_client = policy("--overflow-to-client", arguments.to_client, result.framing);
  result.to_upstream = policy("--overflow-to-upstream", arguments.to_upstream, result.framing);
  return result;
}

Status to_status(const Arguments& arguments) {
  Status result;
  result.watch = arguments.watch;
  result.json = arguments.json;
  if (arguments.has_config_path) result.config_path = arguments.config_path;
  if (arguments.admin.empty()) return result;
  result.admin = servers("--admin", {arguments.admin},
                         ": the daemon's `admin_listening` line tells which one it got")
                     .front();
  return result;
}

config::Config to_config(const Echo& echo) {
  config::Config config;
  config::Route& route =
      config.routes.emplace_back(listening_route("echo", echo.listen, echo.tls, echo.framing));
  route.echo = true;
  route.to_client = with_policy(echo.overflow);
  return config;
}

config::Config to_config(const Proxy& proxy) {
  config::Config config;
  config::Route& route =
      config.routes.emplace_back(listening_route("proxy", proxy.listen, proxy.tls, proxy.framing));
  route.upstream = proxy.upstream;
  route.to_client = with_policy(proxy.to_client);
  route.to_upstream = with_policy(proxy.to_upstream);
  return config;
}

}  // namespace spillway::command_line
