#include "daemon/config/value.hpp"

#include "daemon/config/units.hpp"

#include <charconv>

namespace spillway::config {

namespace {

constexpr std::string_view takes_duration = "a duration such as `10s`";

}  // namespace

const std::string* Value::text(std::string_view takes) const {
  if (node_ == nullptr) return nullptr;
  if (const auto* scalar = std::get_if<Node::Scalar>(&node_->value)) return &scalar->text;
  wrong_kind(takes);
  return nullptr;
}

const Node::Map* Value::as_map() const {
  return node_ == nullptr ? nullptr : std::get_if<Node::Map>(&node_->value);
}

bool Value::has_escapes() const {
  const auto* scalar = node_ == nullptr ? nullptr : std::get_if<Node::Scalar>(&node_->value);
  return scalar != nullptr && scalar->quotes == Node::Quotes::twofold;
}

const Node::Map* Value::map(std::string_view takes) const {
  if (node_ == nullptr) return nullptr;
  if (const auto* map = std::get_if<Node::Map>(&node_->value)) return map;
  wrong_kind(takes);
  return nullptr;
}

std::vector<Value> Value::list(std::string_view takes) const {
  if (node_ == nullptr) return {};
  if (const auto* list = std::get_if<Node::List>(&node_->value)) return items(*list, takes);
  wrong_kind(takes);
  return {};
}

std::vector<Value> Value::one_or_list(std::string_view takes) const {
  if (node_ == nullptr) return {};
  if (const auto* list = std::get_if<Node::List>(&node_->value)) return items(*list, takes);
  return {*this};
}

std::vector<Value> Value::items(const Node::List& list, std::string_view takes) const {
  if (list.empty()) fault(in_backticks(key_) + " is an empty list: it takes " + std::string(takes));
  std::vector<Value> result;
  result.reserve(list.size());
  for (std::size_t i = 0; i < list.size(); ++i) {
    const KeyPath path = path_ / i;
    reading_.places.note(path, list[i].place);
    result.emplace_back(reading_, path, key_, &list[i]);
  }
  return result;
}

bool Value::boolean(bool fallback) const {
  constexpr std::string_view takes = "`true` or `false`";
  const std::string* word = text(takes);
  if (word == nullptr) return fallback;
  if (std::get<Node::Scalar>(node_->value).quotes != Node::Quotes::none) {
    refuse("is text because of its quotes: write `true` or `false` without them");
  } else if (*word == "true" || *word == "false") {
    return *word == "true";
  } else {
    refuse("is neither yes nor no: write `true` or `false`");
  }
  return fallback;
}

std::size_t Value::count(std::size_t fallback, std::size_t max) const {
  const std::string* written = text("a whole number such as `100`");
  if (written == nullptr) return fallback;
  const char* end = written->data() + written->size();
  std::size_t number = 0;
  const auto [rest, error] = std::from_chars(written->data(), end, number);
  if (rest != end || error == std::errc::invalid_argument) {
    refuse("is no whole number: write for instance `100`, or `0` for no limit");
  } else if (error != std::errc() || number > max) {
    refuse("is too large: write at most " + in_backticks(std::to_string(max)) +
           ", or `0` for no limit");
  } else {
    return number;
  }
  return fallback;
}

std::size_t Value::size(std::size_t fallback, std::size_t max) const {
  const std::string* written = text("a size such as `64KiB`");
  if (written == nullptr) return fallback;
  const auto bytes = parse_size(*written);
  if (!bytes) {
    refuse(bytes.error().message);
    return fallback;
  }
  if (*bytes > max) {
    refuse("is too large: write at most " + in_backticks(size_to_string(max)));
    return fallback;
  }
  return *bytes;
}

std::size_t Value::positive_size(std::size_t fallback, std::size_t max) const {
  const std::size_t bytes = size(fallback, max);
  if (bytes > 0) return bytes;
  refuse("leaves room for nothing: write for instance " + in_backticks(size_to_string(fallback)));
  return fallback;
}

std::chrono::milliseconds Value::duration(std::chrono::milliseconds fallback) const {
  const std::string* written = text(takes_duration);
  if (written == nullptr) return fallback;
  const auto length = parse_duration(*written);
  if (length) return *length;
  refuse(length.error().message);
  return fallback;
}

std::chrono::milliseconds Value::positive_duration(std::chrono::milliseconds fallback) const {
  const std::chrono::milliseconds length = duration(fallback);
  if (length.count() > 0) return length;
  refuse("leaves no time at all: write for instance " + in_backticks(to_string(fallback)));
  return fallback;
}

void Value::refuse(std::string_view what) const {
  const std::string& written = std::get<Node::Scalar>(node_->value).text;
  fault(in_backticks(std::string(key_) + ": " + written) + ' ' + std::string(what));
}

void Value::explain(std::string_view words) const {
  fault(in_backticks(key_) + ": " + std::string(words));
}

void Value::refuse_key(std::string_view what) const {
  if (!given()) return;
  reading_.places.note_fault(path_);
  reading_.fault({reading_.places.find(path_), in_backticks(key_) + ' ' + std::string(what)});
}

void Value::wrong_kind(std::string_view takes) const {
  if (std::holds_alternative<Node::Faulty>(node_->value)) return reading_.places.note_fault(path_);
  const std::string due = "takes " + std::string(takes);
  if (std::holds_alternative<Node::Nothing>(node_->value)) {
    const bool is_item = path_.last() != key_;
    return fault((is_item ? "an item of " : "") + in_backticks(key_) + " has no value: it " + due);
  }
  if (std::holds_alternative<Node::Scalar>(node_->value)) return refuse("is not enough: it " + due);
  const bool is_list = std::holds_alternative<Node::List>(node_->value);
  fault(in_backticks(key_) + ' ' + due + ", not a " + (is_list ? "list" : "map"));
}

void Value::fault(std::string message) const {
  reading_.places.note_fault(path_);
  reading_.fault({node_->place, std::move(message)});
}

}  // namespace spillway::config
