// Something that happened, as a name and typed keys and values.
#pragma once

#include "daemon/config/config.hpp"

#include <concepts>
#include <cstdint>
#include <string>
#include <string_view>
#include <variant>
#include <vector>

namespace spillway::observe {

/// One log line before it is a line: both formats are made from the same list, in its order.
class Event {
 public:
  using Value = std::variant<bool, std::int64_t, std::uint64_t, std::string>;

  struct Field {
    std::string_view key;
    Value value;
  };

  /// Names and keys are literals: they are kept as views.
  Event(config::LogLevel level, std::string_view name) : level_(level), name_(name) {}

  Event& with(std::string_view key, std::string_view value) {
    fields_.push_back({key, std::string(value)});
    return *this;
  }
  /// A pointer would rather become a bool than a view.
  Event& with(std::string_view key, const char* value) {
    return with(key, std::string_view(value));
  }
  Event& with(std::string_view key, std::same_as<bool> auto value) {
    fields_.push_back({key, value});
    return *this;
  }
  Event& with(std::string_view key, std::signed_integral auto value) {
    fields_.push_back({key, std::int64_t{value}});
    return *this;
  }
  Event& with(std::string_view key,
              std::unsigned_integral auto value) requires(!std::same_as<decltype(value), bool>) {
    fields_.push_back({key, std::uint64_t{value}});
    return *this;
  }
  /// For long events: room for `fields` of them at once.
  Event& reserve(std::size_t fields) {
    fields_.reserve(fields);
    return *this;
  }

  [[nodiscard]] config::LogLevel level() const { return level_; }
  [[nodiscard]] std::string_view name() const { return name_; }
  [[nodiscard]] const std::vector<Field>& fields() const { return fields_; }

 private:
  config::LogLevel level_;
  std::string_view name_;
  std::vector<Field> fields_;
};

}  // namespace spillway::observe
