// Events as words, in order, and a place to act from inside each.
#pragma once

#include <spillway/events.hpp>

#include <gtest/gtest.h>

#include <algorithm>
#include <functional>
#include <map>
#include <string>
#include <utility>
#include <vector>

namespace spillway::testing {

/// Receives the events of a server's or a client's connection. Fails the test when a callback
/// comes nested in another or inside a call of the application (SC-13, SC-33).
class Recorder : public ServerEvents, public ClientEvents {
 public:
  std::vector<std::string> log;
  std::string received;
  std::string last_detail;

  /// Runs `action` inside the event whenever the word is told ("sent:1", or "sent" for each).
  void on(const std::string& word, std::function<void()> action) {
    actions_[word] = std::move(action);
  }

  /// Makes a call of the application's: no callback may come inside it.
  template <class Call>
  auto call(Call&& application_call) {
    const Inside inside(in_call_);
    return application_call();
  }

  [[nodiscard]] std::size_t count(const std::string& word) const {
    return static_cast<std::size_t>(std::ranges::count_if(log, [&](const std::string& entry) {
      return entry == word || entry.starts_with(word + ":");
    }));
  }
  std::vector<std::string> take() { return std::exchange(log, {}); }

  void on_started() override { tell("started"); }
  void on_start_failure(const Failure& failure) override { failed(failure); }
  void on_connected() override { tell("connected"); }
  void on_connection_failure(const Failure& failure) override { failed(failure); }
  void on_received(Bytes data) override {
    received += as_text(data);
    tell("received", std::string(as_text(data.first(std::min<std::size_t>(data.size(), 40)))));
  }
  void on_sent(SendToken token) override { tell("sent", std::to_string(token.id())); }
  void on_throttled() override { tell("throttled"); }
  void on_unthrottled() override { tell("unthrottled"); }
  void on_end_of_stream() override { tell("end"); }
  void on_tls_started() override { tell("tls_started"); }
  void on_closed(const Closed& closed) override {
    last_detail = closed.detail;
    tell("closed",
         std::string(to_string(closed.reason)) + ":" + std::to_string(closed.last_sent_id));
  }

 private:
  struct Inside {
    explicit Inside(bool& state) : flag(state) {
      EXPECT_FALSE(flag);
      flag = true;
    }
    ~Inside() { flag = false; }
    bool& flag;
  };

  void failed(const Failure& failure) {
    last_detail = failure.detail;
    tell("failed", std::string(to_string(failure.reason)));
  }

  void tell(const std::string& event, const std::string& detail = {}) {
    const std::string word = detail.empty() ? event : event + ":" + detail;
    EXPECT_FALSE(in_call_) << word << " inside a call of the application";
    EXPECT_FALSE(over_) << word << " after the last event";
    over_ = event == "closed" || event == "failed";
    log.push_back(word);
    const Inside inside(in_callback_);
    // Copied: an action may replace or remove itself.
    for (const std::string& key : {word, event}) {
      if (const auto action = actions_.find(key); action != actions_.end()) {
        const std::function<void()> run = action->second;
        return run();
      }
    }
  }

  std::map<std::string, std::function<void()>> actions_;
  bool in_call_ = false;
  bool in_callback_ = false;
  bool over_ = false;
};

}  // namespace spillway::testing
