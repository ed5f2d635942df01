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
inline constexpr std::array<Word<OverflowPolicy>, 4> overflow_policies{
    {{"pause", OverflowPolicy::pause},
     {"drop_newest", OverflowPolicy::drop_newest},
     {"drop_oldest", OverflowPolicy::drop_oldest},
     {"close", OverflowPolicy::close}}};
inline constexpr std::array<Word<ByteOrder>, 2> byte_orders{
    {{"big", ByteOrder::big}, {"little", ByteOrder::little}}};
inline constexpr std::array<Word<unsigned>, 4> length_sizes{
    {{"1", 1U}, {"2", 2U}, {"4", 4U}, {"8", 8U}}};

/// The framings that need no more than their word.
enum class PlainFraming { none, line };
inline constexpr std::array<Word<PlainFraming>, 2> plain_framings{
    {{"none", PlainFraming::none}, {"line", PlainFraming::line}}};

inline Framing to_framing(PlainFraming framing) {
  if (framing == PlainFraming::line) return LineFraming{};
  return NoFraming{};
}

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
