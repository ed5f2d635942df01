#include "daemon/config/spelling.hpp"

#include <gtest/gtest.h>

#include <array>

namespace spillway::config {
namespace {

constexpr std::array<std::string_view, 4> words = {"idle", "half_close", "lifetime", "to_client"};

TEST(Spelling, ASlipOfTheFingerFindsTheWord) {
  EXPECT_EQ(nearest("idel", words), "idle");
  EXPECT_EQ(nearest("idl", words), "idle");
  EXPECT_EQ(nearest("halfclose", words), "half_close");
  EXPECT_EQ(nearest("life_time", words), "lifetime");
  EXPECT_EQ(nearest("to_cleint", words), "to_client");
}

TEST(Spelling, ABeginningFindsTheWord) {
  EXPECT_EQ(nearest("half", words), "half_close");
  EXPECT_EQ(nearest("li", words), std::nullopt);
}

TEST(Spelling, ABeginningOfSeveralWordsSuggestsThemAll) {
  constexpr std::array<std::string_view, 3> policies = {"drop_newest", "drop_oldest", "close"};
  EXPECT_EQ(suggestion("drop", policies), "did you mean `drop_newest` or `drop_oldest`?");
  EXPECT_EQ(suggestion("drop_o", policies), "did you mean `drop_oldest`?");
  EXPECT_EQ(suggestion("block", policies), "write `drop_newest`, `drop_oldest` or `close`");
}

TEST(Spelling, AnotherWordFindsNothing) {
  EXPECT_EQ(nearest("framing", words), std::nullopt);
  EXPECT_EQ(nearest("", words), std::nullopt);
  EXPECT_EQ(nearest(std::string(100'000, 'x'), words), std::nullopt);
}

TEST(Spelling, HalfOfAShortWordWrongIsAnotherWord) {
  constexpr std::array<std::string_view, 1> echo = {"echo"};
  EXPECT_EQ(nearest("ecoh", echo), "echo");
  EXPECT_EQ(nearest("each", echo), std::nullopt);
}

TEST(Spelling, AlternativesReadAsASentence) {
  constexpr std::array<std::string_view, 3> three = {"a", "b", "c"};
  EXPECT_EQ(alternatives(std::span(three).first(1)), "`a`");
  EXPECT_EQ(alternatives(std::span(three).first(2)), "`a` or `b`");
  EXPECT_EQ(alternatives(three), "`a`, `b` or `c`");
}

TEST(Spelling, WhatTheUserWroteStaysOnOneBoundedLine) {
  EXPECT_EQ(in_backticks("a\nb\x7f"), "`a?b?`");
  EXPECT_EQ(in_backticks(std::string(100, 'x')), '`' + std::string(60, 'x') + "...`");
}

TEST(Spelling, CutsOnlyBetweenCharacters) {
  const std::string text = std::string(59, 'x') + "é" + std::string(59, 'x');
  EXPECT_EQ(in_backticks(text), '`' + std::string(59, 'x') + "...`");
}

}  // namespace
}  // namespace spillway::config
