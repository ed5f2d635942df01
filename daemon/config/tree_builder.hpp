// Builds a Node tree from the parts of a document in the order in which they are written.
#pragma once

#include "daemon/config/environment.hpp"
#include "daemon/config/finding.hpp"
#include "daemon/config/node.hpp"

#include <cstddef>
#include <map>
#include <optional>
#include <string>
#include <vector>

namespace spillway::config {

/// What a parser reports, made into a tree of bounded depth and size: aliases are copies of what
/// they stand for, `${NAME}` is replaced in values. What is so wrong that reading on makes no
/// sense is thrown as a `Finding`; a parser that recurses is thereby stopped before it is deep.
class TreeBuilder {
 public:
  /// Names a value that aliases may stand for; 0 = none does.
  using Anchor = std::size_t;

  static constexpr std::size_t max_depth = 32;
  /// How many bytes aliases and variables may add to the file; a value counts at least 16.
  static constexpr std::size_t max_growth = 1024 * 1024;

  explicit TreeBuilder(const Environment& environment) : environment_(environment) {}

  void nothing(Place place, Anchor anchor);
  void scalar(Place place, Anchor anchor, const std::string& text, Node::Quotes quotes);
  void alias(Place place, Anchor anchor);
  void begin_list(Place place, Anchor anchor);
  void begin_map(Place place, Anchor anchor);
  /// Ends the list or map that was begun last.
  void end();

  /// The finished tree. REQUIRES: everything begun has ended.
  [[nodiscard]] Node take();
  /// Faults of single values, which are `Faulty` in the tree.
  [[nodiscard]] const std::vector<Finding>& findings() const { return findings_; }

 private:
  /// A list or map that has not ended; `key` waits for its value in a map.
  struct Open {
    Node node;
    Anchor anchor;
    std::optional<Entry> key;
  };

  void begin(Node node, Anchor anchor);
  void add(Node node, Anchor anchor);
  void add_to_map(Open& map, Node::Map& entries, Node node);
  void grow(Place place, std::size_t bytes);

  const Environment& environment_;
  std::vector<Open> open_;
  std::optional<Node> root_;
  std::map<Anchor, Node> anchored_;
  std::vector<Finding> findings_;
  std::size_t growth_ = 0;
};

}  // namespace spillway::config
