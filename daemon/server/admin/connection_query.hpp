// What a request for connections asks for.
#pragma once

#include "daemon/observe/live_connection.hpp"
#include "daemon/server/admin/request_target.hpp"

#include <boost/system/result.hpp>

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

namespace spillway::server::admin {

struct QueryError {
  std::string message;
};

/// `route=NAME`, `slow=true`, `limit=N`.
boost::system::result<observe::ConnectionQuery, QueryError> parse_connection_query(
    const RequestTarget& target);

/// A whole number and nothing else.
std::optional<std::uint64_t> parse_number(std::string_view text);

[[noreturn]] void throw_exception_from_error(const QueryError& error,
                                             const boost::source_location& where);

}  // namespace spillway::server::admin
