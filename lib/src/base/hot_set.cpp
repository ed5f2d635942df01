#include "base/hot_set.hpp"

namespace spillway {

HotSet::~HotSet() {
  while (oldest_ != nullptr) unlink(*oldest_);
}

void HotSet::Entry::leave() {
  if (set_ != nullptr) set_->unlink(*this);
}

void HotSet::touch(Entry& entry) {
  if (newest_ == &entry) return;
  if (entry.set_ == this) unlink(entry);
  link_newest(entry);
  if (size_ <= capacity_) return;
  Entry& fallen = *oldest_;
  unlink(fallen);
  fallen.relax();
}

void HotSet::link_newest(Entry& entry) {
  entry.set_ = this;
  entry.older_ = newest_;
  entry.newer_ = nullptr;
  (newest_ != nullptr ? newest_->newer_ : oldest_) = &entry;
  newest_ = &entry;
  ++size_;
}

void HotSet::unlink(Entry& entry) {
  (entry.newer_ != nullptr ? entry.newer_->older_ : newest_) = entry.older_;
  (entry.older_ != nullptr ? entry.older_->newer_ : oldest_) = entry.newer_;
  entry.set_ = nullptr;
  entry.newer_ = entry.older_ = nullptr;
  --size_;
}

}  // namespace spillway
