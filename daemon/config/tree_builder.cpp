#include "daemon/config/tree_builder.hpp"

#include "daemon/config/spelling.hpp"
#include "daemon/config/units.hpp"

#include <cassert>
#include <utility>

namespace spillway::config {

namespace {

constexpr std::size_t least_weight = 16;

// Recursive, as are copies and destructors of nodes. Aliases can nest a tree deeper than the
// text, but each level is copied again for the next one, so max_growth bounds the depth to some
// hundred.
std::size_t weight(const Node& node) {
  std::size_t sum = least_weight;
  if (const auto* scalar = std::get_if<Node::Scalar>(&node.value)) sum += scalar->text.size();
  if (const auto* list = std::get_if<Node::List>(&node.value)) {
    for (const Node& item : *list) sum += weight(item);
  }
  if (const auto* map = std::get_if<Node::Map>(&node.value)) {
    for (const Entry& entry : *map) sum += entry.key.size() + weight(entry.value);
  }
  return sum;
}

}  // namespace

void TreeBuilder::nothing(Place place, Anchor anchor) { add(Node{place, Node::Nothing{}}, anchor); }

void TreeBuilder::scalar(Place place, Anchor anchor, const std::string& text, Node::Quotes quotes) {
  const bool is_key = !open_.empty() &&
                      std::holds_alternative<Node::Map>(open_.back().node.value) &&
                      !open_.back().key;
  if (is_key || text.find("${") == std::string::npos) {
    return add(Node{place, Node::Scalar{text, quotes}}, anchor);
  }
  auto expanded = expand(text, environment_);
  if (!expanded) {
    findings_.push_back({place, std::move(expanded).error().message});
    return add(Node{place, Node::Faulty{}}, anchor);
  }
  grow(place, expanded->size());
  add(Node{place, Node::Scalar{*std::move(expanded), quotes}}, anchor);
}

void TreeBuilder::alias(Place place, Anchor anchor) {
  const auto original = anchored_.find(anchor);
  if (original == anchored_.end()) {
    throw Finding{place, "an alias within the value that it stands for: write the value out"};
  }
  grow(place, weight(original->second));
  Node copy = original->second;
  copy.place = place;
  add(std::move(copy), 0);
}

void TreeBuilder::begin_list(Place place, Anchor anchor) {
  begin(Node{place, Node::List{}}, anchor);
}

void TreeBuilder::begin_map(Place place, Anchor anchor) { begin(Node{place, Node::Map{}}, anchor); }

void TreeBuilder::begin(Node node, Anchor anchor) {
  if (open_.size() == max_depth) {
    throw Finding{node.place, "nested more than " + std::to_string(max_depth) +
                                  " deep: no key needs that, check the brackets and indentation"};
  }
  open_.push_back(Open{std::move(node), anchor, std::nullopt});
}

void TreeBuilder::end() {
  assert(!open_.empty());
  Open ended = std::move(open_.back());
  open_.pop_back();
  add(std::move(ended.node), ended.anchor);
}

Node TreeBuilder::take() {
  assert(open_.empty() && root_);
  return *std::exchange(root_, std::nullopt);
}

void TreeBuilder::add(Node node, Anchor anchor) {
  if (anchor != 0) anchored_.insert_or_assign(anchor, node);
  if (open_.empty()) {
    root_ = std::move(node);
    return;
  }
  Open& open = open_.back();
  if (auto* list = std::get_if<Node::List>(&open.node.value)) {
    // A parser sees that an item is empty only at what follows it, perhaps lines below.
    if (std::holds_alternative<Node::Nothing>(node.value)) node.place = open.node.place;
    list->push_back(std::move(node));
  } else {
    add_to_map(open, std::get<Node::Map>(open.node.value), std::move(node));
  }
}

void TreeBuilder::add_to_map(Open& map, Node::Map& entries, Node node) {
  if (map.key) {
    if (std::holds_alternative<Node::Nothing>(node.value)) node.place = map.key->place;
    map.key->value = std::move(node);
    entries.push_back(*std::exchange(map.key, std::nullopt));
    return;
  }
  auto* key = std::get_if<Node::Scalar>(&node.value);
  if (key == nullptr) throw Finding{node.place, "a key is due here: write `key: value`"};
  map.key = Entry{std::move(key->text), node.place, Node{}};
}

void TreeBuilder::grow(Place place, std::size_t bytes) {
  growth_ += bytes;
  if (growth_ > max_growth) {
    throw Finding{place, "aliases and variables make the file more than " +
                             size_to_string(max_growth) + " larger: write the values out"};
  }
}

}  // namespace spillway::config
