#include "tls/error.hpp"

#include <boost/throw_exception.hpp>
#include <openssl/err.h>

#include <stdexcept>
#include <system_error>

namespace spillway {

namespace tls {

std::string reason_of(unsigned long code) {
  if (ERR_SYSTEM_ERROR(code)) return std::generic_category().message(ERR_GET_REASON(code));
  const char* reason = ERR_reason_error_string(code);
  return reason != nullptr ? reason : "error " + std::to_string(code);
}

TlsError error_because(std::string_view words) {
  const unsigned long code = ERR_get_error();
  ERR_clear_error();
  std::string message(words);
  if (code != 0) message += ": " + reason_of(code);
  return {std::move(message)};
}

}  // namespace tls

void throw_exception_from_error(const TlsError& error, const boost::source_location& where) {
  boost::throw_with_location(std::runtime_error(error.message), where);
}

}  // namespace spillway
