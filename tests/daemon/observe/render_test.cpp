#include "daemon/observe/render.hpp"

#include <gtest/gtest.h>

#include <string>
#include <string_view>

namespace spillway::observe {
namespace {

using config::LogLevel;

Event with_value(std::string_view value) {
  return Event(LogLevel::info, "happened").with("key", value);
}

std::string text_of(std::string_view value) {
  return render_text(with_value(value)).substr(std::string_view("happened key=").size());
}

std::string json_of(std::string_view value) {
  return render_json(with_value(value))
      .substr(std::string_view(R"("event":"happened","key":)").size());
}

TEST(Render, KeepsTheOrderOfTheKeysInBothFormats) {
  Event event(LogLevel::info, "happened");
  event.with("zebra", 1).with("apple", "two").with("middle", true);
  EXPECT_EQ(render_text(event), "happened zebra=1 apple=two middle=true");
  EXPECT_EQ(render_json(event), R"("event":"happened","zebra":1,"apple":"two","middle":true)");
}

TEST(Render, WritesNumbersWhole) {
  Event event(LogLevel::info, "happened");
  event.with("least", INT64_MIN).with("most", UINT64_MAX).with("no", false);
  EXPECT_EQ(render_text(event),
            "happened least=-9223372036854775808 most=18446744073709551615 no=false");
}

TEST(Render, WritesAnEventWithoutFields) {
  const Event event(LogLevel::info, "happened");
  EXPECT_EQ(render_text(event), "happened");
  EXPECT_EQ(render_json(event), R"("event":"happened")");
}

TEST(RenderText, LeavesPlainValuesBare) {
  EXPECT_EQ(text_of("127.0.0.1:7007"), "127.0.0.1:7007");
  EXPECT_EQ(text_of("[::1]:7007"), "[::1]:7007");
  EXPECT_EQ(text_of("--"), "--");
}

TEST(RenderText, QuotesWhatWouldBeReadAsSomethingElse) {
  EXPECT_EQ(text_of(""), R"("")");
  EXPECT_EQ(text_of("two words"), R"("two words")");
  EXPECT_EQ(text_of("a=b"), R"("a=b")");
  EXPECT_EQ(text_of(R"(say "hi")"), R"("say \"hi\"")");
  EXPECT_EQ(text_of(R"(C:\x)"), R"("C:\\x")");
}

TEST(RenderText, LetsNoPeerForgeALineOrDriveATerminal) {
  EXPECT_EQ(text_of("a\nb"), R"("a\nb")");
  EXPECT_EQ(text_of("a\r\tb"), R"("a\r\tb")");
  EXPECT_EQ(text_of("\x1b[2J"), R"("\x1b[2J")");
  EXPECT_EQ(text_of("\x7f"), R"("\x7f")");
  EXPECT_EQ(text_of("\xc2\x9b"), R"("\xc2\x9b")");
  EXPECT_EQ(text_of(std::string_view("\0", 1)), R"("\x00")");
}

TEST(RenderText, KeepsValidUtf8AndEscapesTheRest) {
  EXPECT_EQ(text_of("grüße"), "\"grüße\"");
  EXPECT_EQ(text_of("\xff\xfe"), R"("\xff\xfe")");
}

TEST(RenderJson, EscapesWhatJsonReserves) {
  EXPECT_EQ(json_of(""), R"("")");
  EXPECT_EQ(json_of(R"(a"b\c)"), R"("a\"b\\c")");
  EXPECT_EQ(json_of("a\nb"), R"("a\u000ab")");
  EXPECT_EQ(json_of("\xc2\x9b"), R"("\u009b")");
  EXPECT_EQ(json_of("grüße €"), "\"grüße €\"");
}

TEST(RenderJson, IsValidUtf8WhateverThePeerSent) {
  EXPECT_EQ(json_of("\xff"), R"("\ufffd")");
  EXPECT_EQ(json_of("\xc0\xaf"), R"("\ufffd\ufffd")");                      // overlong
  EXPECT_EQ(json_of("\xed\xa0\x80"), R"("\ufffd\ufffd\ufffd")");            // a surrogate
  EXPECT_EQ(json_of("\xe2\x82"), R"("\ufffd\ufffd")");                      // cut off
  EXPECT_EQ(json_of("\xf4\x90\x80\x80"), R"("\ufffd\ufffd\ufffd\ufffd")");  // beyond U+10FFFF
  EXPECT_EQ(json_of("\xf0\x9f\x98\x80"), "\"\xf0\x9f\x98\x80\"");
}

}  // namespace
}  // namespace spillway::observe
