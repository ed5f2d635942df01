// Why a run ends without figures.
#pragma once

#include <cerrno>
#include <stdexcept>
#include <string>
#include <system_error>

namespace load {

/// The command line makes no sense.
class WrongUsage : public std::runtime_error {
  using runtime_error::runtime_error;
};

/// The run cannot go on.
class Failure : public std::runtime_error {
  using runtime_error::runtime_error;
};

/// One connection is over; what that means is for its group to say.
class ConnectionLost : public std::runtime_error {
  using runtime_error::runtime_error;
};

/// "WHAT: the words for errno".
inline std::string with_errno(const std::string& what) {
  return what + ": " + std::generic_category().message(errno);
}

}  // namespace load
