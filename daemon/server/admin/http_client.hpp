// Asks a running daemon's admin address.
#pragma once

#include <spillway/endpoint.hpp>

#include <boost/system/result.hpp>

#include <chrono>
#include <string>
#include <string_view>

namespace spillway::server::admin {

struct HttpAnswer {
  unsigned status = 0;
  std::string body;
};

struct HttpFailure {
  /// In words, naming the address.
  std::string message;
};

/// Blocks until the answer is there, for `patience` at most. `path` is sent as it is.
boost::system::result<HttpAnswer, HttpFailure> http_get(const Endpoint& server,
                                                        std::string_view path,
                                                        std::chrono::milliseconds patience);

[[noreturn]] void throw_exception_from_error(const HttpFailure& failure,
                                             const boost::source_location& where);

}  // namespace spillway::server::admin
