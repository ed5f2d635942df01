#include "daemon/config/text_check.hpp"

#include "daemon/config/source_lines.hpp"

#include <gtest/gtest.h>

namespace spillway::config {
namespace {

std::string checked(std::string_view text) {
  const auto fault = check_text(text);
  if (!fault) return "";
  return std::to_string(fault->place.line) + ':' + std::to_string(fault->place.column) + ' ' +
         fault->message;
}

TEST(TextCheck, TextInAnyLanguagePasses) {
  EXPECT_EQ(checked(""), "");
  EXPECT_EQ(checked("a: é\r\n# \u6c34 \U0001F30A\n"), "");
}

TEST(TextCheck, AControlByteIsNoText) {
  using std::string_view_literals::operator""sv;
  EXPECT_EQ(checked("ab\né\0"sv),
            "2:2 the byte 0x00 does not belong into a text file: is this the right file?");
  EXPECT_EQ(checked("\x7f"),
            "1:1 the byte 0x7F does not belong into a text file: is this the right file?");
}

TEST(TextCheck, WhatIsNotUtf8IsFound) {
  for (const std::string_view text :
       {"\xe9t\xe9", "\xc3", "\xc0\x80", "\xe0\x80\x80", "\xed\xa0\x80", "\xf4\x90\x80\x80",
        "\xf0\x80\x80\x80", "\xff\xfe", "\x80", "\xe2\x82"}) {
    EXPECT_NE(checked(text).find("1:1 the byte 0x"), std::string::npos) << checked(text);
    EXPECT_NE(checked(text).find("is not UTF-8: save the file as UTF-8"), std::string::npos);
  }
}

TEST(TextCheck, TabsIndentNothing) {
  EXPECT_EQ(checked("a:\n  \tb: 1\n"), "2:3 a tab in the indentation: indent with spaces");
  EXPECT_EQ(checked("\t\n \t# words\na:\tb\n"), "");
}

TEST(SourceLines, ColumnsCountCharacters) {
  SourceLines lines("é: ü: x\nabc");
  EXPECT_EQ(lines.in_characters({1, 5}), (Place{1, 4}));
  EXPECT_EQ(lines.in_characters({1, 8}), (Place{1, 6}));
  EXPECT_EQ(lines.in_characters({1, 5}), (Place{1, 4})) << "backwards";
  EXPECT_EQ(lines.in_characters({2, 3}), (Place{2, 3}));
  EXPECT_EQ(lines.line(1), "é: ü: x");
  EXPECT_EQ(lines.line(2), "abc");
  EXPECT_EQ(lines.line(3), "");
  EXPECT_EQ(lines.line(0), "");
}

}  // namespace
}  // namespace spillway::config
