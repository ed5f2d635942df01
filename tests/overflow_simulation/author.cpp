#include "tests/overflow_simulation/author.hpp"

#include <algorithm>
#include <functional>
#include <map>
#include <utility>
#include <variant>

namespace spillway::overflow_simulation {

namespace {

std::string random_source() {
  Random random(1);
  std::string made(65'521, '\0');
  for (char& byte : made) byte = static_cast<char>(random.below(256));
  return made;
}

}  // namespace

std::string Author::message() {
  const config::Framing& framing = setting_.framing;
  if (std::holds_alternative<config::LineFraming>(framing)) return ended_by("\n", "abc\r");
  if (const auto* end = std::get_if<config::DelimiterFraming>(&framing)) {
    return ended_by(end->delimiter, random_.coin() ? "ab\r" : "ab");
  }
  if (const auto* prefix = std::get_if<config::LengthPrefixFraming>(&framing)) {
    return length_prefixed(*prefix);
  }
  if (const auto* fixed = std::get_if<config::FixedFraming>(&framing)) return bytes(fixed->size);
  return bytes(some_size(1));
}

// On the wire, and good.
std::size_t Author::some_size(std::size_t least) {
  const std::size_t most = setting_.max_message;
  if (random_.permille(100)) return most;
  if (random_.permille(setting_.large ? 700 : 100)) return random_.between(least, most);
  return random_.between(least, std::min(most, least + 40));
}

std::string Author::text(std::size_t size, std::string_view alphabet) {
  static std::map<std::string, std::string, std::less<>> sources;
  auto source = sources.find(alphabet);
  if (source == sources.end()) {
    std::string made = random_source();
    for (char& byte : made) byte = alphabet[static_cast<unsigned char>(byte) % alphabet.size()];
    source = sources.emplace(alphabet, std::move(made)).first;
  }
  return pieces_of(source->second, size);
}

std::string Author::bytes(std::size_t size) {
  static const std::string source = random_source();
  return pieces_of(source, size);
}

// Cheap, and no two places of it are alike.
std::string Author::pieces_of(const std::string& source, std::size_t size) {
  std::string pieces;
  while (pieces.size() < size) {
    pieces.append(source, random_.below(source.size()), size - pieces.size());
  }
  return pieces;
}

std::string Author::ended_by(const std::string& end, std::string_view alphabet) {
  if (random_.permille(setting_.bad)) {
    return text(setting_.max_message + random_.below(3), random_.coin() ? "x" : alphabet) + end;
  }
  return text(some_size(end.size()) - end.size(), alphabet) + end;
}

std::string Author::length_prefixed(const config::LengthPrefixFraming& prefix) {
  const std::uint64_t greatest =
      prefix.bytes == 8 ? ~std::uint64_t{0} : (std::uint64_t{1} << (8 * prefix.bytes)) - 1;
  const std::uint64_t uncounted = prefix.includes_header ? 0 : prefix.bytes;
  std::uint64_t length = some_size(prefix.bytes) - uncounted;
  length = std::min(length, greatest);
  const std::size_t payload = static_cast<std::size_t>(length + uncounted - prefix.bytes);
  if (random_.permille(setting_.bad)) {
    const std::uint64_t too_much[] = {setting_.max_message - uncounted + 1, greatest, greatest - 3,
                                      random_.below(prefix.bytes)};
    length = std::min(too_much[random_.below(std::size(too_much))], greatest);
  }
  std::string digits;
  for (unsigned i = 0; i < prefix.bytes; ++i, length /= 256) {
    digits += static_cast<char>(length % 256);
  }
  if (prefix.order == config::ByteOrder::big) std::ranges::reverse(digits);
  return digits + bytes(payload);
}

}  // namespace spillway::overflow_simulation
