// The keys and values of one map of the file.
#pragma once

#include "daemon/config/value.hpp"

#include <map>
#include <optional>
#include <string_view>
#include <vector>

namespace spillway::config {

/// A reader takes each key that belongs into the section, then refuses the others. What was taken
/// is what may be there: no second list of keys exists.
class Section {
 public:
  /// None, and a fault unless `value` is absent, where it is no map. `takes` as in Value.
  static std::optional<Section> open(const Value& value, std::string_view takes);

  /// Reports keys that are there twice. `reading` and `entries` outlive the section.
  Section(Reading& reading, KeyPath path, Place place, const Node::Map& entries);

  /// The value of a key that may be absent. `key` outlives the section.
  Value operator[](std::string_view key);
  /// The value of a key whose absence is a fault; `example` is what to write.
  Value required(std::string_view key, std::string_view example);
  /// Reports each key that was not taken, with what is meant or allowed instead.
  void refuse_others() const;

 private:
  void fault(Place place, std::string message) const {
    reading_.fault({place, std::move(message)});
  }

  Reading& reading_;
  KeyPath path_;
  Place place_;
  const Node::Map& entries_;
  std::map<std::string_view, const Entry*> index_;
  std::vector<std::string_view> taken_;
};

}  // namespace spillway::config
