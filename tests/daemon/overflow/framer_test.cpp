#include "daemon/overflow/framer.hpp"

#include <gtest/gtest.h>

#include <limits>
#include <string>
#include <string_view>
#include <type_traits>

namespace spillway::overflow {
namespace {

using namespace std::string_literals;
using Verdict = Framer::Verdict;

constexpr std::size_t any_number = std::numeric_limits<std::size_t>::max();

static_assert(std::is_trivially_copyable_v<Framer>);
static_assert(sizeof(Framer) <= 24);

// A framing with one framer on it.
class Stream {
 public:
  explicit Stream(const config::Framing& framing, std::size_t max_message = 1000)
      : framing_(framing, max_message), framer_(framing_) {}

  Framer::Scan scan(std::string_view bytes, std::size_t most = any_number) {
    return framer_.scan(as_bytes(bytes), most);
  }
  Framer& framer() { return framer_; }

 private:
  Framing framing_;
  Framer framer_;
};

config::Framing delimiter(const std::string& bytes) { return config::DelimiterFraming{bytes}; }

config::LengthPrefixFraming big(unsigned bytes) { return {bytes, config::ByteOrder::big, false}; }

config::LengthPrefixFraming little(unsigned bytes) {
  return {bytes, config::ByteOrder::little, false};
}

config::LengthPrefixFraming with_header(config::LengthPrefixFraming prefix) {
  prefix.includes_header = true;
  return prefix;
}

void expect(const Framer::Scan& scan, std::size_t messages, std::size_t size,
            Verdict verdict = Verdict::good) {
  EXPECT_EQ(scan.messages, messages);
  EXPECT_EQ(scan.size, size);
  EXPECT_EQ(scan.verdict, verdict);
}

TEST(Framing, OnlyNoneHasNoMessages) {
  EXPECT_FALSE(Framing(config::NoFraming{}, 10).has_messages());
  EXPECT_TRUE(Framing(config::LineFraming{}, 10).has_messages());
  EXPECT_TRUE(Framing(delimiter("--"), 10).has_messages());
  EXPECT_TRUE(Framing(big(2), 10).has_messages());
  EXPECT_TRUE(Framing(config::FixedFraming{10}, 10).has_messages());
}

TEST(Framer, WithoutFramingTakesWhatItIsGivenForOneMessageOfAnySize) {
  Stream stream(config::NoFraming{}, 4);
  expect(stream.scan("more than four"), 1, 14);
  EXPECT_FALSE(stream.framer().in_message());
}

TEST(Framer, EndsALineAfterItsLineFeed) {
  Stream stream(config::LineFraming{});
  expect(stream.scan("one\n\ntwo\r\nthr"), 3, 10);
  EXPECT_TRUE(stream.framer().in_message());
  expect(stream.scan("ee"), 0, 0);
  expect(stream.scan("\n"), 1, 1);
  EXPECT_FALSE(stream.framer().in_message());
}

TEST(Framer, FindsADelimiterThatArrivesInPieces) {
  Stream stream(delimiter("\r\n\r\n"));
  expect(stream.scan("head\r"), 0, 0);
  expect(stream.scan("\n"), 0, 0);
  expect(stream.scan("\r"), 0, 0);
  expect(stream.scan("\nbody"), 1, 1);
}

TEST(Framer, FindsADelimiterBehindItsOwnBeginning) {
  expect(Stream(delimiter("aab")).scan("aaab"), 1, 4);
  expect(Stream(delimiter("\r\n\r\n")).scan("\r\n\r\r\n\r\n"), 1, 7);
  expect(Stream(delimiter("abacabad")).scan("abacabacabad"), 1, 12);
  expect(Stream(delimiter(std::string(63, 'a') + 'b')).scan(std::string(99, 'a') + 'b'), 1, 100);
}

TEST(Framer, SharesNoByteBetweenTwoDelimiters) {
  Stream stream(delimiter("aa"));
  expect(stream.scan("aaa"), 1, 2);
  expect(stream.scan("a"), 1, 1);
}

TEST(Framer, TakesAnyByteForADelimiter) {
  expect(Stream(delimiter("\0"s)).scan("one\0two\0"s), 2, 8);
  expect(Stream(delimiter("\xff\x80")).scan("one\xff\xff\x80"), 1, 6);
}

TEST(Framer, ReadsLengthsOfEverySizeInBothOrders) {
  expect(Stream(big(1)).scan("\2ab\0\1"s), 2, 4);
  expect(Stream(big(2)).scan("\0\2ab"s), 1, 4);
  expect(Stream(big(4)).scan("\0\0\0\2ab"s), 1, 6);
  expect(Stream(big(8)).scan("\0\0\0\0\0\0\0\2ab"s), 1, 10);
  expect(Stream(little(2)).scan("\2\0ab"s), 1, 4);
  expect(Stream(little(4)).scan("\2\0\0\0ab"s), 1, 6);
  expect(Stream(little(8)).scan("\2\0\0\0\0\0\0\0ab"s), 1, 10);
}

TEST(Framer, ReadsEveryByteOfALength) {
  const std::string payload(0x0102, 'x');
  expect(Stream(big(2)).scan("\1\2" + payload), 1, 2 + 0x0102);
  expect(Stream(little(2)).scan("\2\1" + payload), 1, 2 + 0x0102);
  expect(Stream(big(1)).scan("\xff" + std::string(0xff, 'x')), 1, 0x100);
}

TEST(Framer, ReadsALengthThatCountsItsOwnBytes) {
  expect(Stream(with_header(big(2))).scan("\0\4ab\0\2\0"s), 2, 6);
  expect(Stream(with_header(little(8))).scan("\x9\0\0\0\0\0\0\0a"s), 1, 9);
}

TEST(Framer, RefusesALengthThatIsSmallerThanItsOwnBytes) {
  expect(Stream(with_header(big(2))).scan("\0\1"s), 0, 0, Verdict::bad_length);
  expect(Stream(with_header(little(4))).scan("\0\0\0\0"s), 0, 0, Verdict::bad_length);
  expect(Stream(with_header(big(1))).scan("\1\0"s), 1, 1, Verdict::bad_length);
}

TEST(Framer, TakesAPrefixWithoutPayloadForAMessage) {
  Stream stream(big(4));
  expect(stream.scan("\0\0\0\0"s), 1, 4);
  EXPECT_FALSE(stream.framer().in_message());
  expect(stream.scan("\0\0\0"s), 0, 0);
  expect(stream.scan("\0"s), 1, 1);
}

TEST(Framer, WaitsForTheWholePrefixAndTheWholePayload) {
  Stream stream(big(2));
  expect(stream.scan("\0"s), 0, 0);
  EXPECT_TRUE(stream.framer().in_message());
  expect(stream.scan("\3"), 0, 0);
  expect(stream.scan("ab"), 0, 0);
  EXPECT_TRUE(stream.framer().in_message());
  expect(stream.scan("c\0\1d"s), 2, 4);
}

TEST(Framer, CountsMessagesOfOneSize) {
  Stream stream(config::FixedFraming{4});
  expect(stream.scan("abc"), 0, 0);
  EXPECT_TRUE(stream.framer().in_message());
  expect(stream.scan("d1234ab"), 2, 5);
  expect(stream.scan("cd"), 1, 2);
  EXPECT_FALSE(stream.framer().in_message());
}

TEST(Framer, TakesAMessageOfExactlyTheLargestSize) {
  expect(Stream(config::LineFraming{}, 4).scan("abc\n"), 1, 4);
  expect(Stream(delimiter("--"), 4).scan("ab--"), 1, 4);
  expect(Stream(big(2), 4).scan("\0\2ab"s), 1, 4);
  expect(Stream(with_header(big(2)), 4).scan("\0\4ab"s), 1, 4);
  expect(Stream(config::FixedFraming{4}, 4).scan("abcd"), 1, 4);
}

TEST(Framer, RefusesAMessageAsSoonAsItCannotEndWithinTheLargestSize) {
  Stream line(config::LineFraming{}, 4);
  expect(line.scan("abc"), 0, 0);
  expect(line.scan("d"), 0, 0, Verdict::too_big);
  expect(Stream(delimiter("--"), 4).scan("abc--"), 0, 0, Verdict::too_big);
  expect(Stream(delimiter("-----"), 4).scan("-----"), 0, 0, Verdict::too_big);
  expect(Stream(config::LineFraming{}, 1).scan("\na"), 1, 1, Verdict::too_big);
}

TEST(Framer, RefusesALengthBeyondTheLargestSizeBeforeThePayload) {
  Stream stream(big(2), 4);
  expect(stream.scan("\0"s), 0, 0);
  expect(stream.scan("\3"), 0, 0, Verdict::too_big);
  expect(Stream(with_header(little(2)), 4).scan("\5\0"s), 0, 0, Verdict::too_big);
  expect(Stream(big(8), 4).scan("\0\0\0\0\0\0\0\0"s), 0, 0, Verdict::too_big);
}

TEST(Framer, IsNotFooledByLengthsThatWouldOverflow) {
  for (const char* low : {"\xf7", "\xf8", "\xfc", "\xff"}) {
    const std::string length = std::string(7, '\xff') + low;
    expect(Stream(big(8), any_number).scan(length), 0, 0,
           *low == '\xf7' ? Verdict::good : Verdict::too_big);
    expect(Stream(big(8)).scan(length), 0, 0, Verdict::too_big);
    expect(Stream(with_header(big(8))).scan(length), 0, 0, Verdict::too_big);
  }
}

TEST(Framer, TellsTheGoodMessagesBeforeABadOne) {
  expect(Stream(config::LineFraming{}, 4).scan("one\na\nlong\n"), 2, 6, Verdict::too_big);
  expect(Stream(big(1), 4).scan("\1a\0\xff"s), 2, 3, Verdict::too_big);
  expect(Stream(with_header(big(1)), 4).scan("\2a\1\0"s), 2, 3, Verdict::bad_length);
}

TEST(Framer, StopsAfterTheMessagesAskedFor) {
  const auto stops = [](const config::Framing& framing, const std::string& bytes) {
    Stream stream(framing, 4);
    expect(stream.scan(bytes, 2), 2, 4);
    EXPECT_FALSE(stream.framer().in_message());
    expect(stream.scan(std::string_view(bytes).substr(4), 1), 1, 2);
  };
  stops(config::LineFraming{}, "a\nb\nc\nd");
  stops(delimiter("--"), "--------");
  stops(big(1), "\1a\1b\1c\xff");
  stops(config::FixedFraming{2}, "aabbccd");
}

TEST(Framer, DoesNotLookBeyondTheMessagesAskedFor) {
  expect(Stream(config::LineFraming{}, 4).scan("a\nlong\n", 1), 1, 2);
  expect(Stream(with_header(big(1))).scan("\1\0"s, 1), 1, 1);
}

TEST(Framer, StartsAMessageAfterARestart) {
  const auto starts = [](const config::Framing& framing, const std::string& begun,
                         const std::string& next) {
    Stream stream(framing, 4);
    expect(stream.scan(begun), 0, 0);
    EXPECT_TRUE(stream.framer().in_message());
    stream.framer().restart();
    EXPECT_FALSE(stream.framer().in_message());
    expect(stream.scan(next), 1, next.size());
  };
  starts(config::LineFraming{}, "abc", "abc\n");
  starts(delimiter("--"), "a-", "-a--");
  starts(big(2), "\0"s, "\0\2ab"s);
  starts(big(2), "\0\2a"s, "\0\1a"s);
  starts(config::FixedFraming{4}, "a", "abcd");
}

TEST(Framer, CopiesGoOnFromTheSamePlace) {
  Stream stream(delimiter("abc"));
  stream.scan("xxab");
  Framer copy = stream.framer();
  expect(stream.scan("xabc"), 1, 4);
  expect(copy.scan(as_bytes("c")), 1, 1);
}

}  // namespace
}  // namespace spillway::overflow
