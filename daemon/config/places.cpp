#include "daemon/config/places.hpp"

namespace spillway::config {

Place Places::find(KeyPath path) const {
  for (;;) {
    if (const auto found = places_.find(path); found != places_.end()) return found->second;
    auto parent = path.parent();
    if (!parent) return {};
    path = *std::move(parent);
  }
}

}  // namespace spillway::config
