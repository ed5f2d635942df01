// Why the daemon does not start, or does not take a new configuration.
#pragma once

#include <boost/assert/source_location.hpp>

#include <string>

namespace spillway::server {

struct StartError {
  /// In words, naming the route and the address or file.
  std::string message;
};

[[noreturn]] void throw_exception_from_error(const StartError& error,
                                             const boost::source_location& where);

}  // namespace spillway::server
