// What the bytes of a configuration file must be before YAML is looked for in them.
#pragma once

#include "daemon/config/finding.hpp"

#include <optional>
#include <string_view>

namespace spillway::config {

/// The first byte that keeps `text` from being UTF-8 text indented with spaces, if there is one.
std::optional<Finding> check_text(std::string_view text);

}  // namespace spillway::config
