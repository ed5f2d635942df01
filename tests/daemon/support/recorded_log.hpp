// A log that keeps its lines for the test.
#pragma once

#include "daemon/observe/log.hpp"
#include "daemon/observe/render.hpp"

#include <algorithm>
#include <chrono>
#include <functional>
#include <optional>
#include <string>
#include <string_view>
#include <variant>
#include <vector>

namespace spillway::testing {

class RecordedLog final : public observe::Log {
 public:
  [[nodiscard]] bool wants(config::LogLevel) const override { return true; }
  void write(const observe::Event& event) override {
    events.push_back(event);
    if (on_write) on_write(event);
  }

  void set_level(config::LogLevel) override {}
  boost::system::result<void, observe::LogError> reopen() override {
    ++reopened;
    if (on_reopen) return *on_reopen;
    return {};
  }

  void flush(std::chrono::milliseconds) override {}
  [[nodiscard]] std::size_t lost_lines() const override { return lost; }

  [[nodiscard]] std::size_t count(std::string_view name) const {
    return static_cast<std::size_t>(
        std::ranges::count(events, name, [](const observe::Event& each) { return each.name(); }));
  }
  /// The only event of that name; an empty one if there is none or there are several.
  [[nodiscard]] observe::Event only(std::string_view name) const {
    const auto is_it = [name](const observe::Event& each) { return each.name() == name; };
    if (count(name) != 1) return {config::LogLevel::error, "not exactly one"};
    return *std::ranges::find_if(events, is_it);
  }

  std::vector<observe::Event> events;
  int reopened = 0;
  std::size_t lost = 0;
  /// Reopening fails with this, if set.
  std::optional<observe::LogError> on_reopen;
  /// Runs with each line, if set.
  std::function<void(const observe::Event&)> on_write;
};

/// The value of a key as its text line shows it, unquoted; "?" if the event does not have it.
inline std::string value(const observe::Event& event, std::string_view key) {
  for (const observe::Event::Field& field : event.fields()) {
    if (field.key != key) continue;
    if (const auto* text = std::get_if<std::string>(&field.value)) return *text;
    observe::Event one(config::LogLevel::info, "");
    if (const auto* flag = std::get_if<bool>(&field.value)) one.with("v", *flag);
    if (const auto* number = std::get_if<std::int64_t>(&field.value)) one.with("v", *number);
    if (const auto* number = std::get_if<std::uint64_t>(&field.value)) one.with("v", *number);
    return observe::render_text(one).substr(3);
  }
  return "?";
}

}  // namespace spillway::testing
