// Files with one fault each in what says how messages are told apart, how many clients there may
// be, and what happens when a peer cannot keep up.
#include "tests/daemon/config/broken_file.hpp"

namespace spillway::test {
namespace {

// A good proxy route but for its lines from the fifth on.
std::string in_proxy(const std::string& lines) {
  return "routes:\n  - name: a\n    listen: 127.0.0.1:0\n    upstream: {servers: \"127.0.0.1:1\"}\n"
         "    " +
         lines + "\n";
}

const std::vector<Broken> process_keys = {
    {"MetricsAsWord", before_route("metrics: 30s"), "spillway.yaml:1:10: `metrics: 30s` is not",
     "it takes keys such as `{log_interval: 30s}`"},
    {"UnknownMetricsKey", before_route("metrics: {interval: 30s}"),
     "spillway.yaml:1:11: unknown key `interval`", "here may stand `log_interval`"},
    {"LogIntervalWithoutUnit", before_route("metrics: {log_interval: 30}"),
     "spillway.yaml:1:25: `log_interval: 30` needs a unit", "write `30s`"},
    {"LimitsAsNumber", before_route("limits: 5"), "spillway.yaml:1:9: `limits: 5` is not enough",
     "`{connections: 100000, memory: 1GiB}`"},
    {"UnknownLimit", before_route("limits: {conections: 5}"),
     "spillway.yaml:1:10: unknown key `conections`", "did you mean `connections`?"},
    {"ConnectionsAsWord", before_route("limits: {connections: many}"),
     "spillway.yaml:1:23: `connections: many` is no whole number", "or `0` for no limit"},
    {"ConnectionsWithUnit", before_route("limits: {connections: 10k}"),
     "spillway.yaml:1:23: `connections: 10k` is no whole number", "write for instance `100`"},
    {"NegativeConnections", before_route("limits: {connections: -1}"),
     "spillway.yaml:1:23: `connections: -1` is no whole number", "`0` for no limit"},
    {"ConnectionsTooMany", before_route("limits: {connections: 1000000001}"),
     "spillway.yaml:1:23: `connections: 1000000001` is too large", "at most `1000000000`"},
    {"ConnectionsBeyondNumbers", before_route("limits: {connections: 99999999999999999999}"),
     "spillway.yaml:1:23: `connections: 99999999999999999999` is too large", "`1000000000`"},
    {"ConnectionsAsList", before_route("limits: {connections: [1]}"),
     "spillway.yaml:1:23: `connections` takes a whole number", "not a list"},
    {"MemoryWithoutUnit", before_route("limits: {memory: 1}"),
     "spillway.yaml:1:18: `memory: 1` needs a unit", "`1GiB`"},
    {"MemoryTooLarge", before_route("limits: {memory: 1025GiB}"),
     "spillway.yaml:1:18: `memory: 1025GiB` is too large", "at most `1024GiB`"},
    {"MemoryOfARoute", in_route("limits: {memory: 1GiB}"),
     "spillway.yaml:5:14: route \"a\": unknown key `memory`", "here may stand `connections`"},
    {"ConnectionsOfARoute", in_route("limits: {connections: 1.5}"),
     "spillway.yaml:5:27: route \"a\": `connections: 1.5` is no whole number", "`100`"},
    {"NotsentLowatWithoutUnit", in_route("notsent_lowat: 16"),
     "spillway.yaml:5:20: route \"a\": `notsent_lowat: 16` needs a unit", "`16KiB`"},
    {"NotsentLowatTooLarge", in_route("notsent_lowat: 2GiB"),
     "spillway.yaml:5:20: route \"a\": `notsent_lowat: 2GiB` is too large", "at most `1GiB`"},
};

const std::vector<Broken> framings = {
    {"UnknownFraming", in_route("framing: lines"),
     "spillway.yaml:5:14: route \"a\": `framing: lines` is not known", "did you mean `line`?"},
    {"BytesAsFraming", in_route("framing: \"\\r\\n\""),
     "spillway.yaml:5:14: route \"a\": `framing: ??` is not known",
     "write `none`, `line`, or a map such as `{delimiter: \"\\r\\n\"}`"},
    {"FramingWithoutItsValue", in_route("framing: delimiter"),
     "spillway.yaml:5:14: route \"a\": `framing: delimiter` is not enough",
     "write for instance `framing: {delimiter: \"\\r\\n\"}`"},
    {"EmptyFraming", in_route("framing:"), "spillway.yaml:5:5: route \"a\": `framing` has no value",
     "it takes `none`, `line`, or a map"},
    {"FramingAsList", in_route("framing: [line]"),
     "spillway.yaml:5:14: route \"a\": `framing` takes `none`, `line`, or a map", "not a list"},
    {"FramingAsEmptyMap", in_route("framing: {}"),
     "spillway.yaml:5:14: route \"a\": `framing`: an empty map says nothing", "write `none`"},
    {"UnknownFramingKey", in_route("framing: {delimter: x}\n    max_message: 1KiB"),
     "spillway.yaml:5:15: route \"a\": unknown key `delimter`", "did you mean `delimiter`?"},
    {"TwoFramings", in_route("framing: {fixed: 4, delimiter: x}"),
     "spillway.yaml:5:25: route \"a\": `delimiter` and `fixed` exclude each other",
     "keep one of the two"},
    {"EmptyDelimiter", in_route("framing: {delimiter: \"\"}"),
     "spillway.yaml:5:26: route \"a\": `delimiter: ` is empty", "such as `\"\\r\\n\"`"},
    {"LongDelimiter", in_route("framing: {delimiter: " + std::string(65, 'x') + "}"),
     "spillway.yaml:5:26: route \"a\": `delimiter: xxx", "write at most 64 bytes"},
    {"DelimiterAsList", in_route("framing: {delimiter: [a]}"),
     "spillway.yaml:5:26: route \"a\": `delimiter` takes the bytes that end a message",
     "not a list"},
    {"EscapesWithoutQuotes", in_route("framing: {delimiter: \\r\\n}"),
     "spillway.yaml:5:26: route \"a\": `delimiter: \\r\\n` has a backslash, which means itself",
     "write `\"\\r\\n\"` in double quotes"},
    {"EscapesInSingleQuotes", in_route("framing: {delimiter: '\\n'}"),
     "spillway.yaml:5:26: route \"a\": `delimiter: \\n` has a backslash, which means itself",
     "write `\"\\n\"` in double quotes"},
    {"LengthPrefixAsNumber", in_route("framing: {length_prefix: 4}"),
     "spillway.yaml:5:30: route \"a\": `length_prefix: 4` is not enough",
     "`{bytes: 4, endian: big, includes_header: false}`"},
    {"OddLengthPrefix", in_route("framing: {length_prefix: {bytes: 3}}"),
     "spillway.yaml:5:38: route \"a\": `bytes: 3` is not known", "write `1`, `2`, `4` or `8`"},
    {"UnknownEndian", in_route("framing: {length_prefix: {endian: network}}"),
     "spillway.yaml:5:39: route \"a\": `endian: network` is not known", "write `big` or `little`"},
    {"IncludesHeaderAsWord", in_route("framing: {length_prefix: {includes_header: yes}}"),
     "spillway.yaml:5:48: route \"a\": `includes_header: yes` is neither yes nor no", "`true`"},
    {"UnknownLengthPrefixKey", in_route("framing: {length_prefix: {size: 4}}"),
     "spillway.yaml:5:31: route \"a\": unknown key `size`", "`bytes`, `endian` or"},
    {"FixedZero", in_route("framing: {fixed: 0}"),
     "spillway.yaml:5:22: route \"a\": `fixed: 0` leaves nothing of a message", "`128`"},
    {"FixedInDecimalUnit", in_route("framing: {fixed: 1KB}"),
     "spillway.yaml:5:22: route \"a\": `fixed: 1KB` has another unit here", "write `1KiB`"},
    {"FixedTooLarge", in_route("framing: {fixed: 1073741825}"),
     "spillway.yaml:5:22: route \"a\": `fixed: 1073741825` is too large", "at most `1GiB`"},
    {"FixedAsWord", in_route("framing: {fixed: big}"),
     "spillway.yaml:5:22: route \"a\": `fixed: big` is not a whole number", ""},
};

const std::vector<Broken> message_sizes = {
    {"MaxMessageZero", in_route("framing: line\n    max_message: 0"),
     "spillway.yaml:6:18: route \"a\": `max_message: 0` leaves room for nothing", "`64KiB`"},
    {"MaxMessageTooLarge", in_route("framing: line\n    max_message: 2GiB"),
     "spillway.yaml:6:18: route \"a\": `max_message: 2GiB` is too large", "at most `1GiB`"},
    {"MaxMessageWithoutUnit", in_route("framing: line\n    max_message: 100"),
     "spillway.yaml:6:18: route \"a\": `max_message: 100` needs a unit", "`100KiB`"},
    {"MaxMessageWithoutFraming", in_route("max_message: 1MiB"),
     "spillway.yaml:5:5: route \"a\": `max_message` bounds nothing without messages",
     "write `framing`, such as `framing: line`, or leave `max_message` out"},
    {"MaxMessageWithFramingNone", in_route("framing: none\n    max_message: 1MiB"),
     "spillway.yaml:6:5: route \"a\": `max_message` bounds nothing", "leave `max_message` out"},
    {"FixedLargerThanTheDefault", in_route("framing: {fixed: 65537}"),
     "spillway.yaml:5:15: route \"a\": `max_message` (64KiB) is smaller than every message",
     "write at least `max_message: 65537B`"},
    {"FixedLargerThanMaxMessage", in_route("framing: {fixed: 8KiB}\n    max_message: 4KiB"),
     "spillway.yaml:6:5: route \"a\": `max_message` (4KiB) is smaller than every message",
     "write at least `max_message: 8KiB`"},
    {"MaxMessageBeforeTheFraming", in_route("max_message: 4KiB\n    framing: {fixed: 8KiB}"),
     "spillway.yaml:6:15: route \"a\": `max_message` (4KiB) is smaller than every message", ""},
    {"LengthLargerThanMaxMessage",
     in_route("framing: {length_prefix: {bytes: 8}}\n    max_message: 7B"),
     "spillway.yaml:6:5: route \"a\": `max_message` (7B) is smaller than the length in front",
     "write at least `max_message: 8B`"},
    {"DelimiterLargerThanMaxMessage",
     in_route("framing: {delimiter: \"\\r\\n\"}\n    max_message: 1B"),
     "spillway.yaml:6:5: route \"a\": `max_message` (1B) is smaller than the delimiter",
     "write at least `max_message: 2B`"},
};

const std::vector<Broken> overflow_keys = {
    {"OverflowAsWord", in_route("overflow: pause"),
     "spillway.yaml:5:15: route \"a\": `overflow: pause` is not enough", "`{policy: pause, queue:"},
    {"UnknownPolicy", in_route("overflow: {policy: block}"),
     "spillway.yaml:5:24: route \"a\": `policy: block` is not known",
     "write `pause`, `drop_newest`, `drop_oldest` or `close`"},
    {"PolicyWithoutItsEnd", in_route("overflow: {policy: drop, queue_messages: 0}"),
     "spillway.yaml:5:24: route \"a\": `policy: drop` is not known",
     "did you mean `drop_newest` or `drop_oldest`?"},
    {"QueueWithoutUnit", in_route("overflow: {queue: 64}"),
     "spillway.yaml:5:23: route \"a\": `queue: 64` needs a unit", "write `64KiB`"},
    {"QueueInDecimalUnit", in_route("overflow: {to_client: {queue: 64KB}}"),
     "spillway.yaml:5:35: route \"a\": `queue: 64KB` has another unit here", "write `64KiB`"},
    {"QueueTooLarge", in_route("overflow: {queue: 2GiB}"),
     "spillway.yaml:5:23: route \"a\": `queue: 2GiB` is too large", "at most `1GiB`"},
    {"QueueMessagesWithUnit", in_route("framing: line\n    overflow: {queue_messages: 5KiB}"),
     "spillway.yaml:6:32: route \"a\": `queue_messages: 5KiB` is no whole number", "`100`"},
    {"StallTimeoutWithoutUnit", in_route("overflow: {stall_timeout: 60}"),
     "spillway.yaml:5:31: route \"a\": `stall_timeout: 60` needs a unit", "`60s`"},
    {"MaxAgeWithoutUnit", in_route("overflow: {to_client: {max_age: 5}}"),
     "spillway.yaml:5:37: route \"a\": `max_age: 5` needs a unit", "`5s`"},
    {"SlowAtOnce", in_route("overflow: {slow_after: 0s}"),
     "spillway.yaml:5:28: route \"a\": `slow_after: 0s` leaves no time at all", "`1s`"},
    {"UnknownOverflowKey", in_route("overflow: {to_client: {stal_timeout: 5s}}"),
     "spillway.yaml:5:28: route \"a\": unknown key `stal_timeout`",
     "did you mean `stall_timeout`?"},
    {"QueueBesideDirection", in_route("overflow: {to_client: {queue: 0}, queue: 1MiB}"),
     "spillway.yaml:5:39: route \"a\": `queue` beside `to_client` or `to_upstream`",
     "write it within them"},
    {"MaxAgeBesideDirection", in_proxy("overflow: {max_age: 1s, to_upstream: {queue: 0}}"),
     "spillway.yaml:5:16: route \"a\": `max_age` beside `to_client` or `to_upstream`",
     "write it within them"},
    {"EchoHasNoUpstreamDirection", in_route("overflow: {to_upstream: {queue: 1MiB}}"),
     "spillway.yaml:5:16: route \"a\": `to_upstream` is a direction that an echo route does not",
     "write `to_client`"},
};

const std::vector<Broken> overflow_rules = {
    {"DropWithoutFraming", in_route("overflow: {policy: drop_oldest}"),
     "spillway.yaml:5:16: route \"a\": `policy: drop_oldest` needs message boundaries, without "
     "which a drop would tear the stream",
     "write the route's `framing`, such as `framing: line`"},
    {"DropWithFramingNone", in_route("framing: none\n    overflow: {policy: drop_newest}"),
     "spillway.yaml:6:16: route \"a\": `policy: drop_newest` needs message boundaries",
     "`policy: pause` or `policy: close`"},
    {"DropOfBothDirectionsIsToldOnce", in_proxy("overflow: {policy: drop_newest}"),
     "spillway.yaml:5:16: route \"a\": `policy: drop_newest` needs message boundaries", ""},
    {"DropOfOneDirection",
     in_proxy("overflow: {to_client: {policy: close}, to_upstream: {policy: drop_newest}}"),
     "spillway.yaml:5:58: route \"a\": `policy: drop_newest` needs message boundaries", ""},
    {"WhatFollowsFromDropWithoutFramingIsNotTold",
     in_route("max_message: 1KiB\n    overflow: {policy: drop_oldest, queue_messages: 5}"),
     "spillway.yaml:6:16: route \"a\": `policy: drop_oldest` needs message boundaries", ""},
    {"DropWithFaultyFraming", in_route("framing: lin\n    overflow: {policy: drop_oldest}"),
     "spillway.yaml:5:14: route \"a\": `framing: lin` is not known", "`line`"},
    {"QueueSmallerThanTheDefaultMessage",
     in_route("framing: line\n    overflow: {policy: drop_oldest, queue: 32KiB}"),
     "spillway.yaml:6:37: route \"a\": a message of `max_message: 64KiB` does not fit into `queue: "
     "32KiB`, as `policy: drop_oldest` needs it to",
     "write `queue: 64KiB` or more, or a smaller `max_message`"},
    {"MessageLargerThanTheDefaultQueue",
     in_route("framing: line\n    max_message: 1MiB\n    overflow: {policy: drop_newest}"),
     "spillway.yaml:6:5: route \"a\": a message of `max_message: 1MiB` does not fit into `queue: "
     "64KiB`",
     "write `queue: 1MiB` or more"},
    {"LargeMessageWithoutQueue",
     in_route(
         "framing: line\n    max_message: 1MiB\n    overflow: {policy: drop_newest, queue: 0}"),
     "spillway.yaml:7:37: route \"a\": `queue: 0B` leaves no room for the rest of a message of "
     "`max_message: 1MiB` that was sent in part",
     "write `max_message: 64KiB` or less, or `queue: 1MiB` or more"},
    {"MaxAgeWithPause", in_route("overflow: {max_age: 5s}"),
     "spillway.yaml:5:16: route \"a\": `max_age: 5s` is for policies that drop, and the policy is "
     "`pause`",
     "write `policy: drop_oldest` or `policy: drop_newest`, or leave `max_age` out"},
    {"MaxAgeWithClose", in_route("framing: line\n    overflow: {policy: close, max_age: 5s}"),
     "spillway.yaml:6:31: route \"a\": `max_age: 5s` is for policies that drop", "`close`"},
    {"QueueMessagesWithoutFraming", in_route("overflow: {policy: close, queue_messages: 5}"),
     "spillway.yaml:5:31: route \"a\": `queue_messages: 5` has no messages to count",
     "write the route's `framing`, such as `framing: line`, or leave `queue_messages` out"},
    {"QueueMessagesWithoutQueue",
     in_route("framing: line\n    overflow: {queue: 0, queue_messages: 5}"),
     "spillway.yaml:6:26: route \"a\": `queue_messages: 5` has no queue to limit",
     "write a `queue` such as `64KiB`, or leave `queue_messages` out"},
};

class BrokenOverflow : public testing::TestWithParam<Broken> {};

TEST_P(BrokenOverflow, IsRefusedAtThePlaceOfItsOnlyFault) { expect_only_fault(GetParam()); }

INSTANTIATE_TEST_SUITE_P(Process, BrokenOverflow, testing::ValuesIn(process_keys), name_of);
INSTANTIATE_TEST_SUITE_P(Framing, BrokenOverflow, testing::ValuesIn(framings), name_of);
INSTANTIATE_TEST_SUITE_P(MessageSize, BrokenOverflow, testing::ValuesIn(message_sizes), name_of);
INSTANTIATE_TEST_SUITE_P(Keys, BrokenOverflow, testing::ValuesIn(overflow_keys), name_of);
INSTANTIATE_TEST_SUITE_P(Rules, BrokenOverflow, testing::ValuesIn(overflow_rules), name_of);

}  // namespace
}  // namespace spillway::test
