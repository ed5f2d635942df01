#include "daemon/config/read_address.hpp"

#include "daemon/config/paths.hpp"

#include <string>
#include <utility>
#include <variant>

namespace spillway::config {

namespace {

/// `parse` reads what is written.
template <auto parse>
auto parse_in(const std::filesystem::path& folder, const std::string& text) {
  auto address = parse(text);
  if (!address) return address;
  const auto* unix_path = std::get_if<UnixPath>(&*address);
  if (unix_path == nullptr) return address;
  // Parsed again, because with its folder the path may be too long.
  return parse(to_string(Endpoint(UnixPath{absolute_path(folder, unix_path->path)})));
}

template <class Address, auto parse>
std::optional<Address> read(const Value& value, std::string_view takes) {
  const std::string* text = value.text(takes);
  if (text == nullptr) return std::nullopt;
  auto address = parse_in<parse>(value.reading().folder, *text);
  if (address) return *std::move(address);
  value.explain(address.error().message);
  return std::nullopt;
}

}  // namespace

std::optional<Endpoint> read_endpoint(const Value& value, std::string_view takes) {
  return read<Endpoint, parse_endpoint>(value, takes);
}

std::optional<ListenAddress> read_listen_address(const Value& value, std::string_view takes) {
  return read<ListenAddress, parse_listen_address>(value, takes);
}

}  // namespace spillway::config
