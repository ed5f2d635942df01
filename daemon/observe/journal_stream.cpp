#include "daemon/observe/journal_stream.hpp"

#include <sys/stat.h>

#include <cstdlib>
#include <string>

namespace spillway::observe {

bool is_journal_stream(int descriptor, std::string_view variable) {
  struct stat file {};
  if (variable.empty() || ::fstat(descriptor, &file) != 0) return false;
  return variable == std::to_string(file.st_dev) + ':' + std::to_string(file.st_ino);
}

bool is_journal(int descriptor) {
  const char* variable = std::getenv("JOURNAL_STREAM");
  return variable != nullptr && is_journal_stream(descriptor, variable);
}

}  // namespace spillway::observe
