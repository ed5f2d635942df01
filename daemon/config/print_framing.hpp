// A framing as `framing` takes it.
#pragma once

#include "daemon/config/config.hpp"

#include <string>

namespace spillway::config {

/// `line`, `{delimiter: "\r\n"}`: on one line, whatever the bytes of a delimiter are.
std::string print_framing(const Framing& framing);

}  // namespace spillway::config
