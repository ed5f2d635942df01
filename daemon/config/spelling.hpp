// Help for a mistyped word.
#pragma once

#include <optional>
#include <span>
#include <string>
#include <string_view>

namespace spillway::config {

/// The candidate that `word` was probably meant to be: one that begins with it, or is at most two
/// slips away (a letter missing, added, wrong, or two swapped) and fewer than half of its letters.
std::optional<std::string_view> nearest(std::string_view word,
                                        std::span<const std::string_view> candidates);

/// "did you mean `idle`?", of all that begin with the word if there are several; or "write `idle`
/// or `lifetime`" where nothing is near.
std::string suggestion(std::string_view word, std::span<const std::string_view> candidates);

/// "`a`", "`a` or `b`", "`a`, `b` or `c`".
std::string alternatives(std::span<const std::string_view> words);

/// A piece of the user's text for a message: in backticks, on one line, of bounded length.
std::string in_backticks(std::string_view text);

}  // namespace spillway::config
