// Files made to exhaust a reader: each is refused at a place, in bounded time and memory.
#include "tests/daemon/config/config_folder.hpp"

#include <gmock/gmock.h>

#include <algorithm>
#include <random>

namespace spillway::test {
namespace {

using testing::HasSubstr;
using testing::StartsWith;

std::string repeated(std::string_view piece, int count) {
  std::string text;
  for (int i = 0; i < count; ++i) text += piece;
  return text;
}

TEST(HostileFile, DeepNestingStopsBeforeTheStackDoes) {
  ConfigFolder folder;
  EXPECT_THAT(folder.faults(repeated("[", 10'000) + repeated("]", 10'000)),
              StartsWith("spillway.yaml:1:33: nested more than 32 deep"));
  EXPECT_THAT(folder.faults(repeated("[", 10'000)), HasSubstr("nested more than 32 deep"));
  EXPECT_THAT(folder.faults(repeated("{a: ", 10'000)), HasSubstr("nested more than 32 deep"));
  EXPECT_THAT(folder.faults(repeated("- ", 10'000)), HasSubstr("nested more than 32 deep"));
  EXPECT_THAT(folder.faults(repeated("? ", 10'000)), HasSubstr("nested more than 32 deep"));
  EXPECT_THAT(folder.faults(repeated("[", 512 * 1024)), HasSubstr("nested more than 32 deep"));
}

TEST(HostileFile, AliasesThatExplodeAreStopped) {
  std::string text = "a: &a [x,x,x,x,x,x,x,x,x,x]\n";
  for (char name = 'b'; name <= 'z'; ++name) {
    const std::string alias = std::string("*") + static_cast<char>(name - 1);
    text += std::string(1, name) + ": &" + name + " [" + repeated(alias + ',', 9) + alias + "]\n";
  }
  ConfigFolder folder;
  EXPECT_EQ(folder.faults(text),
            "spillway.yaml:5:20: aliases and variables make the file more than 1MiB larger: write "
            "the values out\n");
}

TEST(HostileFile, AliasesOfALongTextAreStopped) {
  ConfigFolder folder;
  EXPECT_THAT(
      folder.faults("a: &a " + repeated("x", 100'000) + "\nb: [" + repeated("*a, ", 1000) + "]\n"),
      HasSubstr("aliases and variables make the file more than 1MiB larger"));
}

TEST(HostileFile, AliasesThatNestAreStopped) {
  std::string text = "a0: &a0 [x]\n";
  for (int i = 1; i < 10'000; ++i) {
    const std::string name = "a" + std::to_string(i);
    text += name + ": &" + name + " [*a" + std::to_string(i - 1) + "]\n";
  }
  ConfigFolder folder;
  EXPECT_THAT(folder.faults(text), HasSubstr("aliases and variables make the file more than"));
}

TEST(HostileFile, VariablesThatExplodeAreStopped) {
  ConfigFolder folder;
  folder.set("BIG", std::string(50'000, 'x'));
  EXPECT_THAT(folder.faults("a: [" + repeated("\"${BIG}\", ", 1000) + "]"),
              HasSubstr("aliases and variables make the file more than"));
}

TEST(HostileFile, ALargeFileIsNotRead) {
  ConfigFolder folder;
  EXPECT_THAT(folder.faults(std::string(512 * 1024 + 1, '#')), HasSubstr("is larger than 512KiB"));
}

TEST(HostileFile, ManyFaultsAreAllTold) {
  ConfigFolder folder;
  const std::string told = folder.faults("{" + repeated("é: 1, ", 20'000) + "}");
  EXPECT_EQ(std::count(told.begin(), told.end(), '\n'), 20'001);
}

// Bytes of a good file changed, removed and doubled at random: whatever comes out is accepted or
// refused at a place, and nothing else happens.
TEST(HostileFile, AnyMutationIsAnswered) {
  constexpr unsigned seed = 2;
  constexpr std::string_view bytes = "{}[]:,-&*!|>'\"%@`#\n \t?~$x0\xC3\xA9";
  const std::string good =
      "log: {level: info}\nroutes:\n  - name: \"a\"\n    listen: [\"[::1]:0\", &x unix:x]\n"
      "    upstream: {servers: *x}\n    timeouts: {idle: 10s}\n    overflow: {queue: 1KiB}\n";
  std::mt19937 random(seed);
  const auto below = [&random](std::size_t end) {
    return std::uniform_int_distribution<std::size_t>(0, end - 1)(random);
  };
  ConfigFolder folder;
  ASSERT_EQ(folder.faults(good), "no fault\n");
  for (int round = 0; round < 1000; ++round) {
    std::string text = good;
    for (std::size_t i = 1 + below(4); i > 0; --i) {
      const std::size_t at = below(text.size());
      switch (below(3)) {
        case 0:
          text[at] = bytes[below(bytes.size())];
          break;
        case 1:
          text.erase(at, 1 + below(5));
          break;
        default:
          text.insert(at, text.substr(below(text.size()), 1 + below(20)));
      }
    }
    const auto result = folder.load(text);
    ASSERT_TRUE(result || !result.error().empty()) << "round " << round << '\n' << text;
  }
}

}  // namespace
}  // namespace spillway::test
