#include <spillway/endpoint.hpp>

#include <boost/throw_exception.hpp>

#include <arpa/inet.h>
#include <netinet/in.h>
#include <sys/un.h>

#include <algorithm>
#include <charconv>
#include <optional>
#include <stdexcept>

namespace spillway {

namespace {

using ParseResult = boost::system::result<Endpoint, EndpointError>;

constexpr std::string_view name_characters =
    "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789-_.";
constexpr std::size_t max_name = 253;  // RFC 1035, without the final dot
constexpr std::size_t max_label = 63;
constexpr std::size_t max_path = sizeof(sockaddr_un::sun_path) - 1;

/// The text as it can be shown: a wrong file given as configuration may hold anything.
std::string quoted(std::string_view text) {
  constexpr std::size_t shown = 120;
  std::string result(text.substr(0, shown));
  std::ranges::replace_if(
      result, [](char c) { return c < ' ' || c == '\x7f'; }, '?');
  return '"' + result + (text.size() > shown ? "...\"" : "\"");
}

EndpointError fault(std::string_view text, std::string_view words) {
  return {quoted(text) + ' ' + std::string(words)};
}

std::optional<std::uint16_t> parse_port(std::string_view text) {
  std::uint16_t port = 0;
  const char* end = text.data() + text.size();
  const auto [stopped, error] = std::from_chars(text.data(), end, port);
  if (error != std::errc() || stopped != end) return std::nullopt;
  return port;
}

template <typename Binary>
bool is_address(int family, std::string_view host) {
  Binary binary;
  return ::inet_pton(family, std::string(host).c_str(), &binary) == 1;
}

bool is_ipv6(std::string_view host) {
  const std::size_t percent = host.find('%');
  const bool empty_zone = percent != std::string_view::npos && percent + 1 == host.size();
  return !empty_zone && is_address<in6_addr>(AF_INET6, host.substr(0, percent));
}

bool has_good_labels(std::string_view name) {
  if (name.ends_with('.')) name.remove_suffix(1);
  if (name.size() > max_name) return false;
  for (;;) {
    const std::size_t dot = name.find('.');
    const std::string_view label = name.substr(0, dot);
    if (label.empty() || label.size() > max_label || label.starts_with('-')) return false;
    if (dot == std::string_view::npos) return true;
    name.remove_prefix(dot + 1);
  }
}

/// What is wrong with a host that is not in brackets; nothing if it is good.
std::optional<std::string> host_fault(std::string_view host) {
  if (host.empty()) return "has no host; write 0.0.0.0 or [::] to listen on all addresses";
  if (host == "*") return "has no host; write 0.0.0.0 or [::] instead of *";
  if (const std::size_t bad = host.find_first_not_of(name_characters);
      bad != std::string_view::npos) {
    return quoted(host.substr(bad, 1)) + " cannot be part of a host";
  }
  if (host.find_first_not_of("0123456789") == std::string_view::npos) {
    return "has a number as its host; write a name or an address such as 127.0.0.1";
  }
  if (host.find_first_not_of("0123456789.") == std::string_view::npos &&
      !is_address<in_addr>(AF_INET, host)) {
    return quoted(host) + " is not an IPv4 address";
  }
  if (!has_good_labels(host)) return quoted(host) + " is not a host name";
  return std::nullopt;
}

ParseResult parse_unix(std::string_view text, std::string_view path) {
  if (path.empty()) return fault(text, "has no path; write unix:/run/name.sock");
  if (path.size() > max_path) {
    return fault(text, "is too long: a unix path has at most " + std::to_string(max_path) +
                           " bytes, this one has " + std::to_string(path.size()));
  }
  if (path.find('\0') != std::string_view::npos) return fault(text, "has a NUL byte in its path");
  return Endpoint(UnixPath{std::string(path)});
}

ParseResult parse_bracketed(std::string_view text) {
  const std::size_t end = text.find(']');
  if (end == std::string_view::npos) return fault(text, "lacks the closing bracket");
  const std::string_view host = text.substr(1, end - 1);
  if (!is_ipv6(host)) return fault(text, "has no IPv6 address in its brackets");
  const std::string_view rest = text.substr(end + 1);
  if (!rest.starts_with(':')) return fault(text, "has no port; write [ADDRESS]:PORT");
  const std::optional<std::uint16_t> port = parse_port(rest.substr(1));
  if (!port) return fault(text, "needs a port from 0 to 65535");
  return Endpoint(HostPort{std::string(host), *port});
}

ParseResult parse_plain(std::string_view text) {
  if (text.find("://") != std::string_view::npos) {
    return fault(text, "is a URL; write HOST:PORT alone");
  }
  const std::size_t colon = text.rfind(':');
  if (colon == std::string_view::npos) {
    return fault(text, "has no port; write HOST:PORT or unix:PATH");
  }
  const std::string_view host = text.substr(0, colon);
  if (host.find(':') != std::string_view::npos) {
    return fault(text, "has more than one colon; an IPv6 address goes in brackets: [::1]:7007");
  }
  if (const std::optional<std::string> words = host_fault(host)) return fault(text, *words);
  const std::optional<std::uint16_t> port = parse_port(text.substr(colon + 1));
  if (!port) return fault(text, "needs a port from 0 to 65535");
  return Endpoint(HostPort{std::string(host), *port});
}

}  // namespace

ParseResult parse_endpoint(std::string_view text) {
  constexpr std::string_view unix_prefix = "unix:";
  if (text.empty()) return EndpointError{"is empty; write HOST:PORT or unix:PATH"};
  if (text.starts_with(unix_prefix)) return parse_unix(text, text.substr(unix_prefix.size()));
  if (text.starts_with('[')) return parse_bracketed(text);
  return parse_plain(text);
}

std::string to_string(const Endpoint& endpoint) {
  if (const auto* unix_path = std::get_if<UnixPath>(&endpoint)) return "unix:" + unix_path->path;
  const auto& [host, port] = std::get<HostPort>(endpoint);
  const bool ipv6 = host.find(':') != std::string::npos;
  return (ipv6 ? '[' + host + ']' : host) + ':' + std::to_string(port);
}

void throw_exception_from_error(const EndpointError& error, const boost::source_location& where) {
  boost::throw_exception(std::invalid_argument(error.message), where);
}

}  // namespace spillway
