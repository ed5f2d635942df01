#include "bench/load/openssl.hpp"

#include <openssl/err.h>

namespace load {

std::string openssl_error() {
  const unsigned long code = ERR_peek_last_error();
  ERR_clear_error();
  const char* reason = ERR_reason_error_string(code);
  return reason != nullptr ? reason : "unknown TLS fault " + std::to_string(code);
}

}  // namespace load
