#include "daemon/overflow/byte_count.hpp"

#include <algorithm>
#include <array>
#include <cstdint>
#include <cstring>
#include <limits>

namespace spillway::overflow {

namespace {

// Each byte of a row has a counter of its own, so that compilers compare and count a row in a few
// vector instructions. Of 64, where both g++ and clang do.
using Lanes = std::array<std::uint8_t, 64>;

// As many rows as a lane can count.
constexpr std::size_t most_rows = std::numeric_limits<std::uint8_t>::max();

// Eight lanes at a time: pairs first, whose sums need 16 bits, then all four of them by the
// multiplication, in the highest.
std::size_t sum(const Lanes& lanes) {
  constexpr std::uint64_t even = 0x00ff00ff00ff00ff;
  constexpr std::uint64_t ones = 0x0001000100010001;
  std::size_t sum = 0;
  for (std::size_t i = 0; i < lanes.size(); i += sizeof(std::uint64_t)) {
    std::uint64_t word;
    std::memcpy(&word, &lanes[i], sizeof word);
    sum += (((word & even) + ((word >> 8) & even)) * ones) >> 48;
  }
  return sum;
}

std::size_t count_in_rows(std::byte byte, const std::byte* row, std::size_t rows) {
  Lanes lanes{};
  for (; rows > 0; --rows, row += lanes.size()) {
    for (std::size_t i = 0; i < lanes.size(); ++i) {
      lanes[i] = static_cast<std::uint8_t>(lanes[i] + (row[i] == byte ? 1 : 0));
    }
  }
  return sum(lanes);
}

}  // namespace

std::size_t count_of(std::byte byte, Bytes bytes) {
  constexpr std::size_t row_size = std::tuple_size_v<Lanes>;
  std::size_t count = 0;
  while (bytes.size() >= row_size) {
    const std::size_t rows = std::min(bytes.size() / row_size, most_rows);
    count += count_in_rows(byte, bytes.data(), rows);
    bytes = bytes.subspan(rows * row_size);
  }
  return count + static_cast<std::size_t>(std::count(bytes.begin(), bytes.end(), byte));
}

}  // namespace spillway::overflow
