#include "daemon/config/spelling.hpp"

#include <algorithm>
#include <iterator>
#include <numeric>
#include <vector>

namespace spillway::config {

namespace {

constexpr std::size_t max_slips = 2;
constexpr std::size_t least_beginning = 3;
constexpr std::size_t max_quoted = 60;

bool swapped(std::string_view a, std::string_view b, std::size_t i, std::size_t j) {
  return i > 0 && j > 0 && a[i] == b[j - 1] && a[i - 1] == b[j];
}

// Optimal string alignment: Levenshtein's distance with neighbours swapped as one slip.
std::size_t distance(std::string_view a, std::string_view b) {
  std::vector<std::size_t> before_last(b.size() + 1);
  std::vector<std::size_t> last(b.size() + 1);
  std::vector<std::size_t> current(b.size() + 1);
  std::iota(last.begin(), last.end(), std::size_t{0});
  for (std::size_t i = 0; i < a.size(); ++i) {
    current[0] = i + 1;
    for (std::size_t j = 0; j < b.size(); ++j) {
      const std::size_t changed = last[j] + (a[i] == b[j] ? 0 : 1);
      current[j + 1] = std::min({changed, last[j + 1] + 1, current[j] + 1});
      if (swapped(a, b, i, j)) current[j + 1] = std::min(current[j + 1], before_last[j - 1] + 1);
    }
    before_last.swap(last);
    last.swap(current);
  }
  return last.back();
}

std::size_t difference(std::size_t a, std::size_t b) { return a > b ? a - b : b - a; }

bool continues_character(char byte) { return (static_cast<unsigned char>(byte) & 0xC0U) == 0x80U; }

}  // namespace

std::optional<std::string_view> nearest(std::string_view word,
                                        std::span<const std::string_view> candidates) {
  if (word.size() >= least_beginning) {
    for (const std::string_view candidate : candidates) {
      if (candidate.starts_with(word)) return candidate;
    }
  }
  std::optional<std::string_view> best;
  std::size_t best_distance = max_slips + 1;
  for (const std::string_view candidate : candidates) {
    // A hostile file may hold a word of any length; only near lengths are worth the table.
    if (difference(word.size(), candidate.size()) > max_slips) continue;
    const std::size_t slips = distance(word, candidate);
    if (slips < best_distance && slips * 2 < candidate.size()) {
      best = candidate;
      best_distance = slips;
    }
  }
  return best;
}

std::string suggestion(std::string_view word, std::span<const std::string_view> candidates) {
  std::vector<std::string_view> begun;
  std::copy_if(candidates.begin(), candidates.end(), std::back_inserter(begun),
               [word](std::string_view candidate) { return candidate.starts_with(word); });
  if (word.size() >= least_beginning && begun.size() > 1) {
    return "did you mean " + alternatives(begun) + "?";
  }
  if (const auto meant = nearest(word, candidates))
    return "did you mean " + in_backticks(*meant) + "?";
  return "write " + alternatives(candidates);
}

std::string alternatives(std::span<const std::string_view> words) {
  std::string text;
  for (std::size_t i = 0; i < words.size(); ++i) {
    if (i > 0) text += i + 1 == words.size() ? " or " : ", ";
    text += in_backticks(words[i]);
  }
  return text;
}

std::string in_backticks(std::string_view text) {
  const bool cut = text.size() > max_quoted;
  if (cut) {
    std::size_t end = max_quoted;
    while (end > 0 && continues_character(text[end])) --end;
    text = text.substr(0, end);
  }
  std::string result = "`";
  for (const char c : text) {
    // A fault is one line, whatever the file holds.
    result += static_cast<unsigned char>(c) < 0x20 || c == 0x7F ? '?' : c;
  }
  return result + (cut ? "...`" : "`");
}

}  // namespace spillway::config
