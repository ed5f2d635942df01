// What a run did, for people.
#pragma once

#include <functional>
#include <sstream>
#include <string>
#include <utility>

namespace spillway::simulation {

/// Without a listener nothing is put into words: a million steps are not to be slowed by it.
class Trace {
 public:
  using Listener = std::function<void(const std::string&)>;

  Trace() = default;
  explicit Trace(Listener listener) : listener_(std::move(listener)) {}

  template <class... Words>
  void note(const Words&... words) const {
    if (!listener_) return;
    std::ostringstream line;
    (line << ... << words);
    listener_(line.str());
  }

 private:
  Listener listener_;
};

}  // namespace spillway::simulation
