#include "daemon/server/admin/connection_query.hpp"

#include <charconv>
#include <stdexcept>

namespace spillway::server::admin {

namespace {

constexpr std::size_t default_most = 100;
// Some megabytes.
constexpr std::size_t largest_most = 10'000;

QueryError wrong(std::string_view name, std::string_view takes) {
  return {std::string(name) + " takes " + std::string(takes)};
}

}  // namespace

std::optional<std::uint64_t> parse_number(std::string_view text) {
  std::uint64_t number = 0;
  const char* end = text.data() + text.size();
  const auto [rest, error] = std::from_chars(text.data(), end, number);
  if (text.empty() || error != std::errc() || rest != end) return std::nullopt;
  return number;
}

boost::system::result<observe::ConnectionQuery, QueryError> parse_connection_query(
    const RequestTarget& target) {
  observe::ConnectionQuery query;
  query.most = default_most;
  for (const auto& [name, value] : target.parameters) {
    if (name == "route") {
      query.route = value;
    } else if (name == "slow") {
      if (value != "true" && value != "false") return wrong(name, "true or false");
      query.slow_only = value == "true";
    } else if (name == "limit") {
      const auto most = parse_number(value);
      if (!most || *most == 0 || *most > largest_most) {
        return wrong(name, "a number from 1 to " + std::to_string(largest_most));
      }
      query.most = *most;
    } else {
      return QueryError{"no parameter has this name: there are route, slow and limit"};
    }
  }
  return query;
}

void throw_exception_from_error(const QueryError& error, const boost::source_location&) {
  throw std::runtime_error(error.message);
}

}  // namespace spillway::server::admin
