// Framers against a reading of the whole stream that is too simple to be wrong.
#include "daemon/overflow/framer.hpp"

#include <gtest/gtest.h>

#include <algorithm>
#include <cstdint>
#include <limits>
#include <map>
#include <optional>
#include <random>
#include <string>
#include <string_view>
#include <vector>

namespace spillway::overflow {
namespace {

using Verdict = Framer::Verdict;

constexpr std::size_t npos = std::string_view::npos;

// What begins a stream: a message that ends after `size` bytes, or one that is known to be bad
// after them. Nothing if that takes more bytes than there are.
struct First {
  std::size_t size;
  Verdict verdict = Verdict::good;
};

std::optional<First> first_of(const config::DelimiterFraming& framing, std::string_view stream,
                              std::size_t max_message) {
  for (std::size_t size = 1; size <= stream.size(); ++size) {
    if (stream.substr(0, size).ends_with(framing.delimiter)) return First{size};
    if (size == max_message) return First{size, Verdict::too_big};
  }
  return {};
}

std::optional<First> first_of(const config::LineFraming&, std::string_view stream,
                              std::size_t max_message) {
  return first_of(config::DelimiterFraming{"\n"}, stream, max_message);
}

std::optional<First> first_of(const config::LengthPrefixFraming& framing, std::string_view stream,
                              std::size_t max_message) {
  const std::size_t header = framing.bytes;
  if (stream.size() < header) return {};
  std::string digits(stream.substr(0, header));
  if (framing.order == config::ByteOrder::little) std::reverse(digits.begin(), digits.end());
  std::uint64_t length = 0;
  for (const char digit : digits) length = length * 256 + static_cast<unsigned char>(digit);

  if (framing.includes_header && length < header) return First{header, Verdict::bad_length};
  const std::uint64_t payload = framing.includes_header ? length - header : length;
  if (payload > max_message || header + payload > max_message) {
    return First{header, Verdict::too_big};
  }
  if (stream.size() < header + payload) return {};
  return First{header + payload};
}

std::optional<First> first_of(const config::FixedFraming& framing, std::string_view stream,
                              std::size_t) {
  if (stream.size() < framing.size) return {};
  return First{framing.size};
}

// A whole stream: where its messages end, and how it goes bad.
struct Truth {
  std::vector<std::size_t> ends;
  Verdict verdict = Verdict::good;
  std::size_t known_at = npos;

  // Of the messages that end within (`from`, `to`], the first `most`.
  [[nodiscard]] Framer::Scan between(std::size_t from, std::size_t to, std::size_t most) const {
    Framer::Scan scan;
    for (const std::size_t end : ends) {
      if (end <= from || end > to || scan.messages == most) continue;
      ++scan.messages;
      scan.size = end - from;
    }
    if (scan.messages < most && known_at <= to) scan.verdict = verdict;
    return scan;
  }
};

template <typename Rule>
Truth read(const Rule& rule, std::string_view stream, std::size_t max_message) {
  Truth truth;
  std::size_t at = 0;
  while (const auto first = first_of(rule, stream.substr(at), max_message)) {
    at += first->size;
    if (first->verdict != Verdict::good) {
      truth.verdict = first->verdict;
      truth.known_at = at;
      break;
    }
    truth.ends.push_back(at);
  }
  return truth;
}

class FramerRandomTest : public ::testing::Test {
 protected:
  std::size_t up_to(std::size_t most) {
    return std::uniform_int_distribution<std::size_t>(0, most)(random_);
  }
  bool one_in(std::size_t n) { return up_to(n - 1) == 0; }

  std::string text(std::string_view alphabet, std::size_t size) {
    std::string text(size, '\0');
    for (char& c : text) c = alphabet[up_to(alphabet.size() - 1)];
    return text;
  }

  // Many zeros, so that lengths are believable.
  std::string garbage(std::size_t size) {
    std::string garbage(size, '\0');
    for (char& c : garbage)
      c = static_cast<char>(one_in(3) ? up_to(255) : one_in(3) ? up_to(9) : 0);
    return garbage;
  }

  std::string length_prefixed(const config::LengthPrefixFraming& framing, std::size_t payload) {
    std::uint64_t length = payload + (framing.includes_header ? framing.bytes : 0);
    std::string digits;
    for (unsigned i = 0; i < framing.bytes; ++i, length /= 256) {
      digits += static_cast<char>(length % 256);
    }
    if (framing.order == config::ByteOrder::big) std::reverse(digits.begin(), digits.end());
    return digits + garbage(payload);
  }

  config::LengthPrefixFraming length_prefix() {
    return {.bytes = 1U << up_to(3),
            .order = one_in(2) ? config::ByteOrder::big : config::ByteOrder::little,
            .includes_header = one_in(2)};
  }

  template <typename Rule>
  void expect_truth(const Rule& rule, const std::string& stream, std::size_t max_message) {
    expect_truth(rule, stream, max_message, one_in(2) ? 3 : stream.size());
  }

  // Feeds the stream in pieces, through copies, and compares each answer.
  template <typename Rule>
  void expect_truth(const Rule& rule, const std::string& stream, std::size_t max_message,
                    std::size_t longest) {
    const Truth truth = read(rule, stream, max_message);
    const Framing framing(rule, max_message);
    Framer framer(framing);
    std::size_t at = 0;
    while (at < stream.size()) {
      const std::string_view piece = std::string_view(stream).substr(at, 1 + up_to(longest));
      const std::size_t most = one_in(2) ? npos : 1 + up_to(3);
      Framer copy = framer;
      const Framer::Scan scan = copy.scan(as_bytes(piece), most);
      const Framer::Scan expected = truth.between(at, at + piece.size(), most);
      ASSERT_EQ(scan.messages, expected.messages);
      ASSERT_EQ(scan.size, expected.size);
      ASSERT_EQ(scan.verdict, expected.verdict);
      messages_ += scan.messages;
      ++verdicts_[scan.verdict];
      if (scan.verdict != Verdict::good) return;

      at += scan.messages == most ? scan.size : piece.size();
      const bool at_an_end = std::count(truth.ends.begin(), truth.ends.end(), at) > 0;
      ASSERT_EQ(copy.in_message(), !at_an_end);
      framer = copy;
    }
  }

  std::mt19937 random_{1};
  std::size_t messages_ = 0;
  std::map<Verdict, std::size_t> verdicts_;
};

TEST_F(FramerRandomTest, Lines) {
  for (int i = 0; i < 1000 && !HasFatalFailure(); ++i) {
    const std::size_t max_message = 1 + up_to(60);
    std::string stream;
    while (!one_in(20)) stream += text("abc\r", up_to(max_message - (one_in(5) ? 0 : 1))) + '\n';
    expect_truth(config::LineFraming{}, stream, max_message);
  }
  EXPECT_GT(messages_, 5000U);
  EXPECT_GT(verdicts_[Verdict::too_big], 100U);
}

// Many at once are counted, and not searched for: with the same outcome.
TEST_F(FramerRandomTest, ManyLinesAtOnce) {
  for (int i = 0; i < 300 && !HasFatalFailure(); ++i) {
    const std::size_t max_message = 500 + up_to(one_in(2) ? 100 : 40'000);
    const std::size_t longest = one_in(3) ? 0 : one_in(2) ? 100 : max_message;
    std::string stream;
    while (stream.size() < 60'000 && !one_in(200)) {
      stream += std::string(up_to(std::min(longest, max_message - 1)), 'x') + '\n';
      if (one_in(1000)) stream += std::string(max_message - 2 + up_to(3), 'y') + '\n';
    }
    expect_truth(config::LineFraming{}, stream, max_message, stream.size());
  }
  EXPECT_GT(messages_, 20'000U);
  EXPECT_GT(verdicts_[Verdict::too_big], 10U);
}

TEST_F(FramerRandomTest, DelimitersAmongTheirOwnBytes) {
  for (int i = 0; i < 4000 && !HasFatalFailure(); ++i) {
    const std::string_view alphabet = one_in(2) ? "ab" : "ab\n";
    const config::DelimiterFraming framing{text(alphabet, 1 + up_to(one_in(10) ? 63 : 6))};
    std::string stream;
    while (!one_in(20)) {
      stream += one_in(2) ? text(alphabet, up_to(20))
                          : framing.delimiter.substr(0, up_to(framing.delimiter.size()));
      if (one_in(2)) stream += framing.delimiter;
    }
    expect_truth(framing, stream, one_in(4) ? 1 + up_to(100) : 1000);
  }
  EXPECT_GT(messages_, 20'000U);
  EXPECT_GT(verdicts_[Verdict::too_big], 100U);
}

TEST_F(FramerRandomTest, LengthPrefixedMessagesAndThenGarbage) {
  for (int i = 0; i < 4000 && !HasFatalFailure(); ++i) {
    const config::LengthPrefixFraming framing = length_prefix();
    const std::size_t most_payload = one_in(4) ? 10 + up_to(500) : up_to(30);
    const std::size_t fits =
        framing.bytes == 1 ? std::min<std::size_t>(most_payload, 254) : most_payload;
    std::string stream;
    while (!one_in(20)) stream += length_prefixed(framing, one_in(5) ? fits : up_to(fits));
    if (one_in(2)) stream += garbage(20);
    expect_truth(framing, stream, framing.bytes + fits);
  }
  EXPECT_GT(messages_, 20'000U);
  EXPECT_GT(verdicts_[Verdict::too_big], 100U);
  EXPECT_GT(verdicts_[Verdict::bad_length], 100U);
}

TEST_F(FramerRandomTest, LengthPrefixesThatAreGarbage) {
  for (int i = 0; i < 20'000 && !HasFatalFailure(); ++i) {
    const config::LengthPrefixFraming framing = length_prefix();
    const std::string stream = garbage(up_to(100));
    expect_truth(framing, stream, 1 + up_to(300));
  }
  EXPECT_GT(messages_, 5000U);
  EXPECT_GT(verdicts_[Verdict::too_big], 1000U);
  EXPECT_GT(verdicts_[Verdict::bad_length], 1000U);
}

TEST_F(FramerRandomTest, MessagesOfOneSize) {
  for (int i = 0; i < 1000 && !HasFatalFailure(); ++i) {
    const std::size_t size = 1 + up_to(one_in(2) ? 3 : 100);
    expect_truth(config::FixedFraming{size}, garbage(up_to(400)), size);
  }
  EXPECT_GT(messages_, 5000U);
}

}  // namespace
}  // namespace spillway::overflow
