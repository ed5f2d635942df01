// The connections of a loop that were active most recently.
#pragma once

#include <cstddef>
#include <vector>

namespace spillway {

/// Busy connections keep their working memory, so that a message costs no allocation; the rest
/// give it back, so that an idle session stays small. The set keeps the `capacity` entries touched
/// last and tells the one that falls out to relax.
class HotSet {
 public:
  class Entry {
   public:
    Entry(const Entry&) = delete;
    Entry& operator=(const Entry&) = delete;

   protected:
    Entry() = default;
    virtual ~Entry() { leave(); }
    void leave();

   private:
    friend class HotSet;
    /// The entry fell out of the set.
    virtual void relax() = 0;

    HotSet* set_ = nullptr;  // none while it is in none
  };

  explicit HotSet(std::size_t capacity) : capacity_(capacity) { entries_.reserve(capacity + 1); }
  ~HotSet();
  HotSet(const HotSet&) = delete;
  HotSet& operator=(const HotSet&) = delete;

  /// Makes `entry` the newest. The oldest one is told to relax if the set grew too large.
  void touch(Entry& entry);
  [[nodiscard]] std::size_t size() const { return entries_.size(); }

 private:
  void renew(Entry& entry);
  void remove(Entry& entry);

  std::size_t capacity_;
  // From the oldest to the newest. They are few; links would be in every connection.
  std::vector<Entry*> entries_;
};

}  // namespace spillway
