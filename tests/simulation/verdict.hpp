// What a run has shown.
#pragma once

#include <string>
#include <string_view>

namespace spillway::simulation {

/// Keeps the first promise that was broken. Nothing is thrown: promises are checked from inside
/// callbacks and noexcept functions, and a run ends in order after its step.
class Verdict {
 public:
  void require(bool holds, std::string_view promise) {
    if (!holds && words_.empty()) words_ = promise;
  }
  [[nodiscard]] bool broken() const { return !words_.empty(); }
  [[nodiscard]] const std::string& words() const { return words_; }

 private:
  std::string words_;
};

}  // namespace spillway::simulation
