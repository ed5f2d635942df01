#include "daemon/server/start_error.hpp"

#include <stdexcept>

namespace spillway::server {

void throw_exception_from_error(const StartError& error, const boost::source_location&) {
  throw std::runtime_error(error.message);
}

}  // namespace spillway::server
