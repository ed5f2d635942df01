// Something found wrong at a place of the file that is being read.
#pragma once

#include "daemon/config/place.hpp"

#include <string>

namespace spillway::config {

/// A fault that does not know yet which file and route it is in.
struct Finding {
  Place place;
  std::string message;
};

}  // namespace spillway::config
