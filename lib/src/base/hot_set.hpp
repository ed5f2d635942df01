// The connections of a loop that were active most recently.
#pragma once

#include <cstddef>

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

    HotSet* set_ = nullptr;
    Entry* newer_ = nullptr;
    Entry* older_ = nullptr;
  };

  explicit HotSet(std::size_t capacity) : capacity_(capacity) {}
  ~HotSet();
  HotSet(const HotSet&) = delete;
  HotSet& operator=(const HotSet&) = delete;

  /// Makes `entry` the newest. The oldest one is told to relax if the set grew too large.
  void touch(Entry& entry);
  [[nodiscard]] std::size_t size() const { return size_; }

 private:
  void link_newest(Entry& entry);
  void unlink(Entry& entry);

  std::size_t capacity_;
  std::size_t size_ = 0;
  Entry* newest_ = nullptr;
  Entry* oldest_ = nullptr;
};

}  // namespace spillway
