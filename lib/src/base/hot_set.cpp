#include "base/hot_set.hpp"

#include <algorithm>
#include <utility>

namespace spillway {

HotSet::~HotSet() {
  for (Entry* const entry : entries_) entry->set_ = nullptr;
}

void HotSet::Entry::leave() {
  if (set_ != nullptr) set_->remove(*this);
}

void HotSet::touch(Entry& entry) {
  if (!entries_.empty() && entries_.back() == &entry) return;
  if (entry.set_ == this) return renew(entry);
  entry.set_ = this;
  entries_.push_back(&entry);
  if (entries_.size() <= capacity_) return;
  Entry& fallen = *entries_.front();
  remove(fallen);
  fallen.relax();
}

// Makes it the newest; those that were newer move back.
void HotSet::renew(Entry& entry) {
  Entry* moved = &entry;
  auto place = entries_.end();
  do {
    std::swap(moved, *--place);
  } while (moved != &entry);
}

void HotSet::remove(Entry& entry) {
  entries_.erase(std::ranges::find(entries_, &entry));
  entry.set_ = nullptr;
}

}  // namespace spillway
