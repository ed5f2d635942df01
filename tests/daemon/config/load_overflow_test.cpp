// What good files say of messages, limits and peers that cannot keep up.
#include "daemon/config/load.hpp"
#include "tests/daemon/config/config_folder.hpp"

#include <gmock/gmock.h>

namespace spillway::test {
namespace {

using namespace config;
using std::chrono::milliseconds;
using std::chrono::minutes;
using std::chrono::seconds;

// A proxy route with these lines.
Route route_with(const std::string& lines) {
  ConfigFolder folder;
  return folder
      .good(
          "routes:\n  - name: a\n    listen: 127.0.0.1:0\n    upstream: {servers: "
          "\"127.0.0.1:1\"}\n    " +
          lines + "\n")
      .routes.at(0);
}

template <class T>
T framing_of(const std::string& value) {
  const Framing framing = route_with("framing: " + value).framing;
  if (const T* wanted = std::get_if<T>(&framing)) return *wanted;
  ADD_FAILURE() << value << " is another framing";
  return {};
}

std::string delimiter_of(const std::string& value) {
  return framing_of<DelimiterFraming>("{delimiter: " + value + "}").delimiter;
}

TEST(LoadOverflow, AShortFileGetsTheDefaults) {
  ConfigFolder folder;
  const Config config = folder.good("routes: [{name: a, listen: \"127.0.0.1:0\", echo: true}]");
  EXPECT_EQ(config.metrics.log_interval, seconds(30));
  EXPECT_EQ(config.limits.connections, 100'000U);
  EXPECT_EQ(config.limits.memory, 0U);
  const Route& route = config.routes.at(0);
  EXPECT_EQ(route.limits.connections, 10'000U);
  EXPECT_EQ(route.notsent_lowat, 16U * 1024);
  EXPECT_FALSE(has_messages(route.framing));
  EXPECT_EQ(route.max_message, 64U * 1024);
  EXPECT_EQ(route.to_client.queue_messages, 0U);
  EXPECT_EQ(route.to_client.stall_timeout, seconds(0));
  EXPECT_EQ(route.to_client.max_age, seconds(0));
  EXPECT_EQ(route.to_client.slow_after, seconds(1));
}

TEST(LoadOverflow, KeysOfTheProcessAreRead) {
  ConfigFolder folder;
  const Config config = folder.good(
      "metrics: {log_interval: 0s}\nlimits: {connections: 0, memory: 2GiB}\n"
      "routes: [{name: a, listen: \"127.0.0.1:0\", echo: true}]");
  EXPECT_EQ(config.metrics.log_interval, seconds(0));
  EXPECT_EQ(config.limits.connections, 0U);
  EXPECT_EQ(config.limits.memory, std::size_t{2} << 30U);
}

TEST(LoadOverflow, KeysOfARouteAreRead) {
  const Route route = route_with(
      "limits: {connections: 17}\n    notsent_lowat: 0\n    framing: line\n    max_message: 1B");
  EXPECT_EQ(route.limits.connections, 17U);
  EXPECT_EQ(route.notsent_lowat, 0U);
  EXPECT_TRUE(std::holds_alternative<LineFraming>(route.framing));
  EXPECT_EQ(route.max_message, 1U);
}

TEST(LoadOverflow, EachFramingIsRead) {
  framing_of<NoFraming>("none");
  framing_of<LineFraming>("line");
  EXPECT_EQ(delimiter_of("END"), "END");
  EXPECT_EQ(framing_of<FixedFraming>("{fixed: 188}").size, 188U);
  EXPECT_EQ(framing_of<FixedFraming>("{fixed: 2KiB}").size, 2048U);
}

TEST(LoadOverflow, ALengthPrefixHasDefaults) {
  const auto short_form = framing_of<LengthPrefixFraming>("{length_prefix: {}}");
  EXPECT_EQ(short_form.bytes, 4U);
  EXPECT_EQ(short_form.order, ByteOrder::big);
  EXPECT_FALSE(short_form.includes_header);
  const auto whole = framing_of<LengthPrefixFraming>(
      "{length_prefix: {bytes: 2, endian: little, includes_header: true}}");
  EXPECT_EQ(whole.bytes, 2U);
  EXPECT_EQ(whole.order, ByteOrder::little);
  EXPECT_TRUE(whole.includes_header);
  for (const unsigned bytes : {1U, 2U, 4U, 8U}) {
    const std::string text = "{length_prefix: {bytes: " + std::to_string(bytes) + "}}";
    EXPECT_EQ(framing_of<LengthPrefixFraming>(text).bytes, bytes);
  }
}

TEST(LoadOverflow, EscapesInDoubleQuotesArriveAsBytes) {
  using std::string_literals::operator""s;
  EXPECT_EQ(delimiter_of(R"("\r\n")"), "\r\n");
  EXPECT_EQ(delimiter_of(R"("\0")"), "\0"s);
  EXPECT_EQ(delimiter_of(R"("\x03")"), "\x03");
  EXPECT_EQ(delimiter_of(R"("\x1C\r\0\x7F\e")"), "\x1C\r\0\x7F\x1B"s);
  EXPECT_EQ(delimiter_of(R"("\\n")"), "\\n");
  EXPECT_EQ(delimiter_of(R"(&end "\n")"), "\n");
}

TEST(LoadOverflow, ADelimiterMayBeAnyBytesThatAreNotTooMany) {
  EXPECT_EQ(delimiter_of("\\"), "\\");
  EXPECT_EQ(delimiter_of("' '"), " ");
  EXPECT_EQ(delimiter_of("\"$${\""), "${");
  EXPECT_EQ(delimiter_of(std::string(64, 'x')), std::string(64, 'x'));
  // YAML's escapes name characters, and those behind ASCII have more than one byte.
  EXPECT_EQ(delimiter_of(R"("\xFF")"), "\xC3\xBF");
  EXPECT_EQ(delimiter_of("\xC3\xBF"), "\xC3\xBF");
}

TEST(LoadOverflow, AVariableMayHoldBytesThatAreNoCharacters) {
  ConfigFolder folder;
  folder.set("END", "\xFF");
  const Config config = folder.good(
      "routes: [{name: a, listen: \"127.0.0.1:0\", echo: true, framing: {delimiter: \"${END}\"}}]");
  EXPECT_EQ(std::get<DelimiterFraming>(config.routes.at(0).framing).delimiter, "\xFF");
}

TEST(LoadOverflow, EachPolicyIsRead) {
  const auto policy_of = [](const std::string& word) {
    return route_with("framing: line\n    overflow: {policy: " + word + "}").to_client.policy;
  };
  EXPECT_EQ(policy_of("pause"), OverflowPolicy::pause);
  EXPECT_EQ(policy_of("drop_newest"), OverflowPolicy::drop_newest);
  EXPECT_EQ(policy_of("drop_oldest"), OverflowPolicy::drop_oldest);
  EXPECT_EQ(policy_of("close"), OverflowPolicy::close);
}

TEST(LoadOverflow, StallTimeoutHasTheDefaultOfThePolicy) {
  const auto timeout_of = [](const std::string& keys) {
    return route_with("framing: line\n    overflow: {" + keys + "}").to_client.stall_timeout;
  };
  EXPECT_EQ(timeout_of("policy: pause"), seconds(0));
  EXPECT_EQ(timeout_of("policy: drop_newest"), minutes(1));
  EXPECT_EQ(timeout_of("policy: drop_oldest"), minutes(1));
  EXPECT_EQ(timeout_of("policy: close"), minutes(1));
  EXPECT_EQ(timeout_of("stall_timeout: 5s, policy: close"), seconds(5));
  EXPECT_EQ(timeout_of("policy: close, stall_timeout: 0s"), seconds(0));
  EXPECT_EQ(timeout_of("stall_timeout: 5s"), seconds(5));
}

TEST(LoadOverflow, KeysOfOverflowAreForBothDirections) {
  const Route route = route_with(
      "framing: line\n    overflow: {policy: drop_oldest, queue: 1MiB, queue_messages: 100, "
      "stall_timeout: 2m, max_age: 250ms, slow_after: 3s}");
  for (const Overflow& overflow : {route.to_client, route.to_upstream}) {
    EXPECT_EQ(overflow.policy, OverflowPolicy::drop_oldest);
    EXPECT_EQ(overflow.queue, 1U << 20U);
    EXPECT_EQ(overflow.queue_messages, 100U);
    EXPECT_EQ(overflow.stall_timeout, minutes(2));
    EXPECT_EQ(overflow.max_age, milliseconds(250));
    EXPECT_EQ(overflow.slow_after, seconds(3));
  }
}

TEST(LoadOverflow, ADirectionThatIsNotGivenGetsTheDefaults) {
  const Route route =
      route_with("overflow: {to_client: {policy: close, queue: 0, slow_after: 5s}}");
  EXPECT_EQ(route.to_client.policy, OverflowPolicy::close);
  EXPECT_EQ(route.to_client.queue, 0U);
  EXPECT_EQ(route.to_client.slow_after, seconds(5));
  EXPECT_EQ(route.to_upstream.policy, OverflowPolicy::pause);
  EXPECT_EQ(route.to_upstream.queue, 64U * 1024);
  EXPECT_EQ(route.to_upstream.stall_timeout, seconds(0));
  EXPECT_EQ(route.to_upstream.slow_after, seconds(1));
}

TEST(LoadOverflow, WhatJustFitsIsAccepted) {
  route_with(
      "framing: line\n    max_message: 1MiB\n    overflow: {policy: drop_oldest, queue: 1MiB}");
  route_with(
      "framing: line\n    max_message: 64KiB\n    overflow: {policy: drop_newest, queue: 0}");
  route_with("framing: {fixed: 64KiB}");
  route_with("framing: {length_prefix: {bytes: 8}}\n    max_message: 8B");
  route_with("framing: {delimiter: \"ab\"}\n    max_message: 2B");
  route_with("framing: line\n    overflow: {queue_messages: 0, queue: 0}");
  route_with("overflow: {max_age: 0s}");
}

}  // namespace
}  // namespace spillway::test
