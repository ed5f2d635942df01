// The faults found between values that are each good by itself.
#pragma once

#include "daemon/config/config.hpp"
#include "daemon/config/fault.hpp"
#include "daemon/config/key_path.hpp"
#include "daemon/config/places.hpp"

#include <string>
#include <utility>

namespace spillway::config {

/// Collects faults at the places of their values, and knows which values are told already: a rule
/// about those would only repeat it.
class Objections {
 public:
  /// `places` outlives the objections.
  explicit Objections(const Places& places) : places_(places) {}

  void add(const Route& route, const KeyPath& path, std::string message) {
    const Place place = places_.find(path);
    faults_.push_back({places_.file(), place.line, place.column, route.name, std::move(message)});
  }
  /// A fault of the value itself, or of what contains it, is told.
  [[nodiscard]] bool told(const KeyPath& path) const {
    if (places_.faulty(path)) return true;
    const auto parent = path.parent();
    return parent && told(*parent);
  }
  /// The one of two values that stands further down in the file.
  [[nodiscard]] const KeyPath& later(const KeyPath& one, const KeyPath& other) const {
    return places_.find(one) < places_.find(other) ? other : one;
  }
  /// The value is written in the file.
  [[nodiscard]] bool given(const KeyPath& path) const { return places_.contains(path); }
  /// Whether places can tell anything at all.
  [[nodiscard]] bool has_file() const { return !places_.file().empty(); }
  [[nodiscard]] Place place(const KeyPath& path) const { return places_.find(path); }

  [[nodiscard]] Faults take() && { return std::move(faults_); }

 private:
  const Places& places_;
  Faults faults_;
};

}  // namespace spillway::config
