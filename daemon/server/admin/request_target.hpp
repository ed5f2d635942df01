// What a request is for.
#pragma once

#include <algorithm>
#include <string_view>
#include <utility>
#include <vector>

namespace spillway::server::admin {

/// `/connections?route=feed&slow=true` in its parts. Nothing here needs an escape to be written, so
/// none is read. Views into the target's text.
struct RequestTarget {
  using Parameter = std::pair<std::string_view, std::string_view>;

  explicit RequestTarget(std::string_view target) : path(target.substr(0, target.find('?'))) {
    target.remove_prefix(std::min(path.size() + 1, target.size()));
    while (!target.empty()) {
      const std::string_view one = target.substr(0, target.find('&'));
      const std::size_t equals = std::min(one.find('='), one.size());
      parameters.emplace_back(one.substr(0, equals), one.substr(std::min(equals + 1, one.size())));
      target.remove_prefix(std::min(one.size() + 1, target.size()));
    }
  }

  std::string_view path;
  std::vector<Parameter> parameters;
};

}  // namespace spillway::server::admin
