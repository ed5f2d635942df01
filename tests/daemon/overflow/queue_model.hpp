// What random tests of queues share: framings, messages made of them, and a queue.
#pragma once

#include "daemon/overflow/queue.hpp"

#include <gtest/gtest.h>

#include <algorithm>
#include <array>
#include <deque>
#include <limits>
#include <optional>
#include <random>
#include <string>
#include <tuple>
#include <utility>
#include <vector>

namespace spillway::overflow {

inline constexpr std::size_t everything = std::numeric_limits<std::size_t>::max();
// A queue so large keeps each of the few hundred arrivals that can wait here.
inline constexpr std::size_t bytes_limit = 200'000;

struct NamedFraming {
  std::string name;
  config::Framing framing;
};

inline const std::array framings{
    NamedFraming{"none", config::NoFraming{}},
    NamedFraming{"lines", config::LineFraming{}},
    NamedFraming{"delimiter", config::DelimiterFraming{"\r\n\r\n"}},
    NamedFraming{"length", config::LengthPrefixFraming{.bytes = 4}},
    NamedFraming{"header",
                 config::LengthPrefixFraming{
                     .bytes = 8, .order = config::ByteOrder::little, .includes_header = true}},
    NamedFraming{"fixed", config::FixedFraming{19}},
};

/// Makes messages of a framing; one wrong byte, or one out of place, shows in their contents.
struct MessageMaker {
  std::string operator()(const config::NoFraming&) { return contents(size()); }
  std::string operator()(const config::LineFraming&) { return contents(size() - 1) + '\n'; }
  std::string operator()(const config::DelimiterFraming& of) {
    return contents(size() - 1) + of.delimiter;
  }
  std::string operator()(const config::FixedFraming& of) { return contents(of.size); }
  std::string operator()(const config::LengthPrefixFraming& of) {
    const std::string body = contents(size() - 1);
    std::string prefix(of.bytes, '\0');
    std::size_t length = body.size() + (of.includes_header ? of.bytes : 0);
    for (std::size_t i = 0; i < of.bytes; ++i, length /= 256) {
      const bool is_big = of.order == config::ByteOrder::big;
      prefix[is_big ? of.bytes - 1 - i : i] = static_cast<char>(length % 256);
    }
    return prefix + body;
  }

  std::size_t size() {
    const std::size_t kind = random() % 20;
    if (kind == 0) return random() % 40'000 + 1;
    return random() % (kind < 10 ? 10 : 500) + 1;
  }
  std::string contents(std::size_t size) {
    std::string text(size, '\0');
    for (char& byte : text) byte = static_cast<char>('A' + next++ % 53);
    return text;
  }

  std::mt19937& random;
  unsigned next = 0;
};

struct Message {
  std::string bytes;
  TimePoint at;
};

class QueueModel : public ::testing::TestWithParam<std::tuple<std::size_t, unsigned>> {
 protected:
  explicit QueueModel(Queue::Content content) : content_(content) {}

  std::string make_message() { return std::visit(make_, framing_of_config()); }
  static const config::Framing& framing_of_config() {
    return framings[std::get<0>(GetParam())].framing;
  }
  std::size_t random(std::size_t below) { return random_() % below; }
  std::size_t some_most() {
    constexpr std::array<std::size_t, 5> mosts{1, 7, 600, Chunk::size, 64 * 1024};
    return random(8) == 0 ? 1 + random(100'000) : mosts[random(mosts.size())];
  }

  void check_limits(std::size_t bytes, std::size_t messages) {
    ASSERT_EQ(queue_.bytes(), bytes);
    ASSERT_EQ(queue_.messages(), messages);
    ASSERT_EQ(queue_.empty(), bytes == 0);
    const std::size_t more = random(4) == 0 ? bytes_limit - std::min(bytes, bytes_limit) : 1;
    const std::size_t more_messages = random(5);
    const bool fits = bytes + more <= bytes_limit && messages + more_messages <= limits_.messages;
    ASSERT_EQ(queue_.fits(more, more_messages), fits);
    ASSERT_EQ(queue_.is_low(), bytes <= bytes_limit / 2 && messages <= limits_.messages / 2);
  }

  std::string text_of(const Queue::Portion& portion) {
    std::string text;
    for (const Bytes view : portion.views) text += as_text(view);
    return text;
  }

  /// The arrival times of the messages that a send took.
  std::vector<TimePoint> pop(const Queue::Portion& portion) {
    std::vector<TimePoint> left;
    queue_.pop(portion, [&left](TimePoint at, std::size_t messages) {
      left.insert(left.end(), messages, at);
    });
    return left;
  }

  std::mt19937 random_{std::get<1>(GetParam())};
  Queue::Content content_;
  Queue::Limits limits_{.bytes = bytes_limit, .messages = 50};
  MemoryLimit memory_{1, [] {}};  // so small that its steps are single bytes
  MemoryAccount account_{memory_};
  ChunkPool chunks_{account_};
  Framing framing_{framing_of_config(), everything};
  MessageMaker make_{random_};
  Queue::Rules rules_{chunks_, framing_, content_, limits_};
  Queue queue_{rules_};
  std::array<Bytes, 256> views_;
  TimePoint now_{std::chrono::hours(1)};
};

inline std::string name_of(
    const ::testing::TestParamInfo<std::tuple<std::size_t, unsigned>>& param) {
  return framings[std::get<0>(param.param)].name + std::to_string(std::get<1>(param.param));
}

}  // namespace spillway::overflow
