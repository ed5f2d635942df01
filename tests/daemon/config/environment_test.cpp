#include "daemon/config/environment.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

namespace spillway::config {
namespace {

std::optional<std::string> variables(const std::string& name) {
  if (name == "HOST") return "10.0.0.1";
  if (name == "_P2") return "7000";
  if (name == "EMPTY") return "";
  if (name == "NESTED") return "${HOST}";
  if (name == "BIG") return std::string(max_expanded, 'x');
  return std::nullopt;
}

std::string expanded(std::string_view text) {
  const auto result = expand(text, variables);
  return result ? *result : "error: " + result.error().message;
}

TEST(Environment, VariablesAreReplacedWhereverTheyStand) {
  EXPECT_EQ(expanded("${HOST}:${_P2}"), "10.0.0.1:7000");
  EXPECT_EQ(expanded("<${EMPTY}>"), "<>");
  EXPECT_EQ(expanded("nothing $HOST {HOST} $"), "nothing $HOST {HOST} $");
}

TEST(Environment, ASecondDollarKeepsTheCharacters) {
  EXPECT_EQ(expanded("$${HOST}"), "${HOST}");
  EXPECT_EQ(expanded("$${${HOST}}"), "${10.0.0.1}");
}

TEST(Environment, AVariablesOwnValueIsNotExpanded) { EXPECT_EQ(expanded("${NESTED}"), "${HOST}"); }

TEST(Environment, AnUnsetVariableIsAnError) {
  EXPECT_EQ(expanded("${HOME}"),
            "error: the environment variable `HOME` is not set: set it, or write the value instead "
            "of `${HOME}`");
}

TEST(Environment, WhatIsNoNameIsAnError) {
  for (const std::string_view text : {"${}", "${2X}", "${A B}", "${A-B}"}) {
    EXPECT_THAT(expanded(text), testing::HasSubstr("does not name an environment variable"));
  }
  EXPECT_THAT(expanded("x${HOST"), testing::HasSubstr("`${HOST` has no closing brace"));
}

TEST(Environment, AValueMayNotGrowWithoutBound) {
  EXPECT_EQ(expanded("${BIG}").size(), max_expanded);
  EXPECT_THAT(expanded("${BIG}${BIG}"), testing::HasSubstr("becomes longer than 64KiB"));
}

}  // namespace
}  // namespace spillway::config
