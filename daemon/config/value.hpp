// One value of the file, read as what its key takes.
#pragma once

#include "daemon/config/key_path.hpp"
#include "daemon/config/node.hpp"
#include "daemon/config/reading.hpp"
#include "daemon/config/spelling.hpp"
#include "daemon/config/words.hpp"

#include <array>
#include <chrono>
#include <cstddef>
#include <string>
#include <string_view>
#include <vector>

namespace spillway::config {

/// Every question either answers from the file, or reports a fault at the value's place and
/// answers as if the key were absent. `takes` says what the key takes, to be read behind "takes":
/// "an address such as `127.0.0.1:7443`".
class Value {
 public:
  /// `node` is null where the key is absent. `reading` and `node` outlive the value.
  Value(Reading& reading, KeyPath path, std::string_view key, const Node* node)
      : reading_(reading), path_(std::move(path)), key_(key), node_(node) {}

  /// The key is there, whatever stands behind it.
  [[nodiscard]] bool given() const { return node_ != nullptr; }

  /// A word or text; null if absent or faulty.
  [[nodiscard]] const std::string* text(std::string_view takes) const;
  [[nodiscard]] const Node::Map* map(std::string_view takes) const;
  /// For a key that takes other things too: null, and no fault, if there is no map.
  [[nodiscard]] const Node::Map* as_map() const;
  /// A text within double quotes, where `\n` is a line feed.
  [[nodiscard]] bool has_escapes() const;
  [[nodiscard]] std::vector<Value> list(std::string_view takes) const;
  /// A list's items, or the value itself as the only one.
  [[nodiscard]] std::vector<Value> one_or_list(std::string_view takes) const;

  [[nodiscard]] bool boolean(bool fallback) const;
  /// 0 is an answer ("none", "no limit").
  [[nodiscard]] std::size_t count(std::size_t fallback, std::size_t max) const;
  [[nodiscard]] std::size_t size(std::size_t fallback, std::size_t max) const;
  [[nodiscard]] std::size_t positive_size(std::size_t fallback, std::size_t max) const;
  /// 0 is an answer ("off").
  [[nodiscard]] std::chrono::milliseconds duration(std::chrono::milliseconds fallback) const;
  [[nodiscard]] std::chrono::milliseconds positive_duration(
      std::chrono::milliseconds fallback) const;

  /// One of some words.
  template <class T, std::size_t N>
  [[nodiscard]] T choice(const std::array<Word<T>, N>& words, T fallback) const {
    const auto candidates = texts(words);
    const std::string* word = text(alternatives(candidates));
    if (word == nullptr) return fallback;
    if (const auto known = meaning(words, *word)) return *known;
    refuse("is not known: " + suggestion(*word, candidates));
    return fallback;
  }

  /// Reports "`key: text` `what`" at the value's place. REQUIRES: `text` gave a text.
  void refuse(std::string_view what) const;
  /// Reports "`key`: `words`" at the value's place.
  void explain(std::string_view words) const;
  /// Reports "`key` `what`" at the key's place, if the key is there.
  void refuse_key(std::string_view what) const;

  [[nodiscard]] Reading& reading() const { return reading_; }
  [[nodiscard]] const KeyPath& path() const { return path_; }
  [[nodiscard]] Place place() const { return node_ == nullptr ? Place{} : node_->place; }

 private:
  void fault(std::string message) const;
  void wrong_kind(std::string_view takes) const;
  [[nodiscard]] std::vector<Value> items(const Node::List& list, std::string_view takes) const;

  Reading& reading_;
  KeyPath path_;
  std::string_view key_;
  const Node* node_;
};

}  // namespace spillway::config
