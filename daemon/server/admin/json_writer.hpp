// Writes JSON.
#pragma once

#include "daemon/observe/render.hpp"

#include <charconv>
#include <concepts>
#include <string>
#include <string_view>

namespace spillway::server::admin {

/// What is called is what is written, with the commas; that ends match beginnings is the caller's
/// care. Texts become valid UTF-8, whatever they hold.
class JsonWriter {
 public:
  JsonWriter& begin_object() { return begin('{'); }
  JsonWriter& end_object() { return end('}'); }
  JsonWriter& begin_array() { return begin('['); }
  JsonWriter& end_array() { return end(']'); }
  JsonWriter& key(std::string_view name) {
    value(name);
    text_ += ':';
    needs_comma_ = false;
    return *this;
  }
  JsonWriter& value(std::string_view text) {
    separate();
    observe::append_json_string(text_, text);
    return *this;
  }
  JsonWriter& value(const char* text) { return value(std::string_view(text)); }
  JsonWriter& value(std::same_as<bool> auto flag) {
    separate();
    text_ += flag ? "true" : "false";
    return *this;
  }
  JsonWriter& value(auto number) requires(
      (std::integral<decltype(number)> ||
       std::floating_point<decltype(number)>)&&!std::same_as<decltype(number), bool>) {
    separate();
    char digits[32];
    text_.append(digits, std::to_chars(digits, digits + sizeof digits, number).ptr);
    return *this;
  }
  JsonWriter& null() {
    separate();
    text_ += "null";
    return *this;
  }
  template <class T>
  JsonWriter& field(std::string_view name, const T& content) {
    return key(name).value(content);
  }

  /// The whole document, with a line's end.
  [[nodiscard]] std::string take() && { return std::move(text_ += '\n'); }

 private:
  JsonWriter& begin(char bracket) {
    separate();
    text_ += bracket;
    needs_comma_ = false;
    return *this;
  }
  JsonWriter& end(char bracket) {
    text_ += bracket;
    needs_comma_ = true;
    return *this;
  }
  void separate() {
    if (needs_comma_) text_ += ',';
    needs_comma_ = true;
  }

  std::string text_;
  bool needs_comma_ = false;
};

}  // namespace spillway::server::admin
