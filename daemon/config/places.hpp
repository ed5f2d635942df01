// Where the values of a Config stand in their file.
#pragma once

#include "daemon/config/key_path.hpp"
#include "daemon/config/place.hpp"

#include <map>
#include <set>
#include <string>

namespace spillway::config {

/// The side table of a Config: its structs stay plain, and a rule that finds a fault between
/// values can still say where they stand. Empty for a configuration that no file gave.
class Places {
 public:
  Places() = default;
  explicit Places(std::string file) : file_(std::move(file)) {}

  /// As the user named it; empty if there is none.
  [[nodiscard]] const std::string& file() const { return file_; }

  void note(const KeyPath& path, Place place) { places_.insert_or_assign(path, place); }
  /// The value's fault is told: a rule about it would only repeat it in other words.
  void note_fault(const KeyPath& path) { faulty_.insert(path); }

  /// The place of the value, or else of the nearest that contains it.
  [[nodiscard]] Place find(KeyPath path) const;
  [[nodiscard]] bool contains(const KeyPath& path) const { return places_.contains(path); }
  [[nodiscard]] bool faulty(const KeyPath& path) const { return faulty_.contains(path); }

 private:
  std::string file_;
  std::map<KeyPath, Place> places_;
  std::set<KeyPath> faulty_;
};

}  // namespace spillway::config
