#include "daemon/config/section.hpp"

#include "daemon/config/spelling.hpp"

#include <algorithm>
#include <string>

namespace spillway::config {

std::optional<Section> Section::open(const Value& value, std::string_view takes) {
  const Node::Map* entries = value.map(takes);
  if (entries == nullptr) return std::nullopt;
  return Section(value.reading(), value.path(), value.place(), *entries);
}

Section::Section(Reading& reading, KeyPath path, Place place, const Node::Map& entries)
    : reading_(reading), path_(std::move(path)), place_(place), entries_(entries) {
  for (const Entry& entry : entries_) {
    const auto [first, is_first] = index_.emplace(entry.key, &entry);
    if (is_first) continue;
    const Place other = first->second->place;
    fault(entry.place, in_backticks(entry.key) + " is already given at " +
                           std::to_string(other.line) + ':' + std::to_string(other.column) +
                           ": remove one of the two");
  }
}

Value Section::operator[](std::string_view key) {
  taken_.push_back(key);
  const KeyPath path = path_ / key;
  const auto found = index_.find(key);
  if (found == index_.end()) return Value(reading_, path, key, nullptr);
  reading_.places.note(path, found->second->place);
  return Value(reading_, path, key, &found->second->value);
}

Value Section::required(std::string_view key, std::string_view example) {
  if (!index_.contains(key)) {
    reading_.places.note_fault(path_ / key);
    fault(place_, in_backticks(key) + " is missing: write for instance " + in_backticks(example));
  }
  return (*this)[key];
}

void Section::refuse_others() const {
  for (const auto& [key, entry] : index_) {
    if (std::find(taken_.begin(), taken_.end(), key) != taken_.end()) continue;
    const auto meant = nearest(key, taken_);
    fault(entry->place, "unknown key " + in_backticks(key) +
                            (meant ? ": did you mean " + in_backticks(*meant) + "?"
                                   : ": here may stand " + alternatives(taken_)));
  }
}

}  // namespace spillway::config
