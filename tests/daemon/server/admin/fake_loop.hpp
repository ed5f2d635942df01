// A loop that answers as the test says.
#pragma once

#include "daemon/server/watched_loop.hpp"

#include <cstdint>
#include <set>
#include <utility>
#include <vector>

namespace spillway::testing {

class FakeLoop final : public server::WatchedLoop {
 public:
  void ping(std::function<void(bool)> done) override { answer(done, true); }
  void report(std::function<void(server::LoopReport)> done) override { answer(done, figures); }
  void list_connections(const observe::ConnectionQuery& query,
                        std::function<void(observe::ConnectionList)> done) override {
    asked_for = query;
    answer(done, connections);
  }
  void end_connection(std::uint64_t id, std::function<void(bool)> done) override {
    answer(done, ids.erase(id) > 0);
  }

  /// Gives the answers that it owes.
  void wake() {
    stuck = false;
    for (const auto& each : std::exchange(owed, {})) each();
  }

  bool stuck = false;
  unsigned questions = 0;
  server::LoopReport figures;
  observe::ConnectionList connections;
  observe::ConnectionQuery asked_for;
  std::set<std::uint64_t> ids;
  std::vector<std::function<void()>> owed;

 private:
  template <class Answer>
  void answer(std::function<void(Answer)> done, const Answer& content) {
    ++questions;
    if (!stuck) return done(content);
    owed.push_back([done = std::move(done), content] { done(content); });
  }
};

}  // namespace spillway::testing
