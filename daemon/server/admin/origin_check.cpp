#include "daemon/server/admin/origin_check.hpp"

#include <boost/asio/ip/address.hpp>
#include <boost/system/error_code.hpp>

namespace spillway::server::admin {

namespace {

std::string_view without_port(std::string_view host) {
  if (host.starts_with('[')) {
    const std::size_t end = host.find(']');
    return end == std::string_view::npos ? std::string_view() : host.substr(1, end - 1);
  }
  return host.substr(0, host.find(':'));
}

std::string_view view(beast::string_view text) { return {text.data(), text.size()}; }

}  // namespace

bool is_literal_host(std::string_view host) {
  const std::string name(without_port(host));
  if (name == "localhost") return true;
  boost::system::error_code error;
  asio::ip::make_address(name, error);
  return !error;
}

std::optional<std::string> refusal_of_origin(const Request& request) {
  if (request.find(http::field::origin) != request.end()) {
    return "a web page asks for this: the admin address answers nobody's page but its own";
  }
  const auto host = request.find(http::field::host);
  if (host == request.end() || is_literal_host(view(host->value()))) return std::nullopt;
  return "the host is a name: ask by a literal address, or by `localhost`";
}

}  // namespace spillway::server::admin
