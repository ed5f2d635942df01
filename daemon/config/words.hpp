// The words that stand for the values of enums, in files, on the command line and in what is shown.
#pragma once

#include "daemon/config/config.hpp"

#include <array>
#include <cstddef>
#include <optional>
#include <string_view>

namespace spillway::config {

template <class T>
struct Word {
  std::string_view text;
  T meaning;
};

inline constexpr std::array<Word<LogLevel>, 4> log_levels{{{"debug", LogLevel::debug},
                                                           {"info", LogLevel::info},
                                                           {"warning", LogLevel::warning},
                                                           {"error", LogLevel::error}}};
inline constexpr std::array<Word<LogFormat>, 2> log_formats{
    {{"text", LogFormat::text}, {"json", LogFormat::json}}};
inline constexpr std::array<Word<LogTarget>, 3> log_targets{{{"stderr", LogTarget::standard_error},
                                                             {"stdout", LogTarget::standard_output},
                                                             {"journald", LogTarget::journald}}};
inline constexpr std::array<Word<TlsVersion>, 2> tls_versions{
    {{"1.2", TlsVersion::tls_1_2}, {"1.3", TlsVersion::tls_1_3}}};
inline constexpr std::array<Word<OverflowPolicy>, 1> overflow_policies{
    {{"pause", OverflowPolicy::pause}}};

template <class T, std::size_t N>
std::array<std::string_view, N> texts(const std::array<Word<T>, N>& words) {
  std::array<std::string_view, N> result;
  for (std::size_t i = 0; i < N; ++i) result[i] = words[i].text;
  return result;
}

template <class T, std::size_t N>
std::optional<T> meaning(const std::array<Word<T>, N>& words, std::string_view text) {
  for (const Word<T>& word : words) {
    if (word.text == text) return word.meaning;
  }
  return std::nullopt;
}

/// REQUIRES: one of the words means it.
template <class T, std::size_t N>
std::string_view word_for(const std::array<Word<T>, N>& words, T meaning) {
  for (const Word<T>& word : words) {
    if (word.meaning == meaning) return word.text;
  }
  return {};
}

}  // namespace spillway::config
