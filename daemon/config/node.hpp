// What a configuration file says, as a tree whose every value knows its place.
#pragma once

#include "daemon/config/place.hpp"

#include <string>
#include <variant>
#include <vector>

namespace spillway::config {

struct Entry;

/// One value of the file: a tree of its own, immutable once loaded.
struct Node {
  /// Nothing was written behind the key.
  struct Nothing {};
  /// Something that cannot be read on and whose fault is already told.
  struct Faulty {};
  /// How a text was written: only within double quotes has a backslash a meaning.
  enum class Quotes { none, single, twofold };
  struct Scalar {
    std::string text;
    Quotes quotes = Quotes::none;
  };
  using List = std::vector<Node>;
  using Map = std::vector<Entry>;

  Place place;
  std::variant<Nothing, Faulty, Scalar, List, Map> value;
};

/// A key and its value, in the order of the file; a key may be there twice.
struct Entry {
  std::string key;
  Place place;
  Node value;
};

}  // namespace spillway::config
