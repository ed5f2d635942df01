#include "tests/overflow_simulation/setting.hpp"

#include <algorithm>
#include <chrono>
#include <sstream>
#include <variant>

namespace spillway::overflow_simulation {

namespace {

using config::OverflowPolicy;

std::string some_delimiter(Random& random) {
  // Some of them begin with their own end.
  static const std::string known[] = {"\r\n", "aa", "aba", "abab", "aabaa", "ab", "abaab"};
  if (!random.permille(300)) return known[random.below(std::size(known))];
  std::string delimiter(random.permille(200) ? random.between(40, 64) : random.between(1, 6), 'a');
  for (char& byte : delimiter) byte = random.coin() ? 'a' : 'b';
  return delimiter;
}

config::Framing some_framing(Random& random, bool with_messages) {
  switch (random.below(with_messages ? 4 : 5)) {
    case 0:
      return config::LineFraming{};
    case 1:
      return config::DelimiterFraming{some_delimiter(random)};
    case 2:
      return config::LengthPrefixFraming{
          .bytes = static_cast<unsigned>(random.one_of({1, 2, 4, 8})),
          .order = random.coin() ? config::ByteOrder::big : config::ByteOrder::little,
          .includes_header = random.coin()};
    case 3:
      return config::FixedFraming{random.one_of({1, 2, 7, 64, 100, 1000})};
    default:
      return config::NoFraming{};
  }
}

std::size_t least_message(const config::Framing& framing) {
  if (const auto* fixed = std::get_if<config::FixedFraming>(&framing)) return fixed->size;
  if (const auto* prefix = std::get_if<config::LengthPrefixFraming>(&framing)) return prefix->bytes;
  if (const auto* end = std::get_if<config::DelimiterFraming>(&framing)) {
    return end->delimiter.size();
  }
  return 1;
}

std::size_t some_max_message(Random& random, const Setting& setting) {
  const std::size_t least = least_message(setting.framing);
  if (setting.large) return random.between(70'000, 160'000);
  return least + (random.coin() ? random.below(20) : random.below(400));
}

// As the configuration has it: with a policy that drops, a message fits into a queue that is not 0.
std::size_t some_queue(Random& random, const Setting& setting) {
  if (random.permille(150)) return 0;
  const std::size_t least = config::drops(setting.overflow.policy) ? setting.max_message : 1;
  if (setting.large && random.permille(150)) return random.between(1'000'000, 2'500'000);
  if (setting.large) return std::max<std::size_t>(least, random.between(1000, 400'000));
  if (random.permille(300)) return least + random.below(10);
  return least + random.below(random.coin() ? 500 : 5000);
}

config::Overflow some_overflow(Random& random, const Setting& setting) {
  using std::chrono::milliseconds;
  config::Overflow overflow = setting.overflow;
  overflow.queue = some_queue(random, setting);
  if (config::has_messages(setting.framing) && overflow.queue > 0 && random.permille(350)) {
    overflow.queue_messages = random.permille(300) ? 1 : random.between(2, 30);
  }
  if (config::drops(overflow.policy)) {
    overflow.max_age = milliseconds(random.one_of({0, 0, 1, 20, 200, 1000}));
  }
  overflow.stall_timeout = milliseconds(random.one_of({0, 0, 8, 83, 400, 2000, 60'000}));
  overflow.slow_after = milliseconds(random.one_of({0, 1, 10, 100, 1000}));
  return overflow;
}

}  // namespace

Setting some_setting(Random& random) {
  constexpr OverflowPolicy policies[] = {OverflowPolicy::pause, OverflowPolicy::drop_newest,
                                         OverflowPolicy::drop_oldest, OverflowPolicy::close};
  Setting setting;
  setting.overflow.policy = policies[random.below(std::size(policies))];
  setting.framing = some_framing(random, config::drops(setting.overflow.policy));
  const std::size_t large = config::drops(setting.overflow.policy) ? 70 : 30;
  setting.large = random.permille(large) && least_message(setting.framing) < 1000 &&
                  !std::holds_alternative<config::FixedFraming>(setting.framing);
  setting.max_message = some_max_message(random, setting);
  setting.overflow = some_overflow(random, setting);
  setting.sessions = random.permille(300) ? 2 : 1;
  setting.bad = random.one_of({0, 0, 0, 2, 20});
  setting.ends = random.one_of({0, 2, 2, 10});
  return setting;
}

namespace {

struct FramingWords {
  std::string operator()(const config::NoFraming&) const { return "none"; }
  std::string operator()(const config::LineFraming&) const { return "line"; }
  std::string operator()(const config::DelimiterFraming& of) const {
    return "delimiter of " + std::to_string(of.delimiter.size());
  }
  std::string operator()(const config::LengthPrefixFraming& of) const {
    return "length_prefix of " + std::to_string(of.bytes) +
           (of.order == config::ByteOrder::big ? " big" : " little") +
           (of.includes_header ? " with header" : "");
  }
  std::string operator()(const config::FixedFraming& of) const {
    return "fixed " + std::to_string(of.size);
  }
};

std::string_view word(OverflowPolicy policy) {
  constexpr std::string_view words[] = {"pause", "drop_newest", "drop_oldest", "close"};
  return words[static_cast<std::size_t>(policy)];
}

}  // namespace

std::string describe(const Setting& setting) {
  const config::Overflow& overflow = setting.overflow;
  std::ostringstream words;
  words << word(overflow.policy) << ", " << std::visit(FramingWords{}, setting.framing)
        << ", max_message " << setting.max_message << ", queue " << overflow.queue
        << ", queue_messages " << overflow.queue_messages << ", max_age "
        << overflow.max_age.count() << " ms, stall_timeout " << overflow.stall_timeout.count()
        << " ms, slow_after " << overflow.slow_after.count() << " ms, " << setting.sessions
        << " session(s)";
  return words.str();
}

}  // namespace spillway::overflow_simulation
