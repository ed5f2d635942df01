#include "tests/simulation/pattern.hpp"

#include "tests/simulation/random.hpp"

#include <algorithm>
#include <cstring>

namespace spillway::simulation {

namespace {

// Prime: no size of a record, a buffer or a send is a part of it.
constexpr std::size_t period = 65521;

}  // namespace

const std::vector<std::byte>& Pattern::table() {
  static const std::vector<std::byte> bytes = [] {
    std::vector<std::byte> made(period + longest);
    Random random(1);
    for (std::size_t i = 0; i < made.size(); ++i) {
      made[i] = i < period ? static_cast<std::byte>(random.below(256)) : made[i - period];
    }
    return made;
  }();
  return bytes;
}

Bytes Pattern::at(std::size_t position, std::size_t size) const {
  return Bytes(table()).subspan((position + shift_) % period, size);
}

bool Pattern::continues(std::size_t position, Bytes bytes) const {
  while (!bytes.empty()) {
    const Bytes expected = at(position, std::min(bytes.size(), longest));
    if (std::memcmp(expected.data(), bytes.data(), expected.size()) != 0) return false;
    position += expected.size();
    bytes = bytes.subspan(expected.size());
  }
  return true;
}

}  // namespace spillway::simulation
