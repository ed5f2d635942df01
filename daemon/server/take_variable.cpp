#include "daemon/server/take_variable.hpp"

#include <cstdlib>

namespace spillway::server {

std::string take_variable(const char* name) {
  const char* value = std::getenv(name);
  std::string text = value == nullptr ? "" : value;
  ::unsetenv(name);
  return text;
}

}  // namespace spillway::server
