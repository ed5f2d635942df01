#include "daemon/config/validate_overflow.hpp"

#include "daemon/config/spelling.hpp"
#include "daemon/config/units.hpp"
#include "daemon/config/words.hpp"
#include "daemon/config/worst_case.hpp"

#include <string>
#include <string_view>
#include <variant>

namespace spillway::config {

namespace {

/// What every message of a framing has at least, and which key says so.
struct LeastMessage {
  std::size_t size;
  KeyPath path;
  std::string_view words;
};

LeastMessage least_message(const Framing& framing, const KeyPath& path) {
  if (const auto* fixed = std::get_if<FixedFraming>(&framing)) {
    return {fixed->size, path / "fixed", "every message"};
  }
  if (const auto* prefix = std::get_if<LengthPrefixFraming>(&framing)) {
    return {prefix->bytes, path / "length_prefix" / "bytes",
            "the length in front of every message"};
  }
  if (const auto* delimited = std::get_if<DelimiterFraming>(&framing)) {
    return {delimited->delimiter.size(), path / "delimiter", "the delimiter"};
  }
  return {1, path, "every message"};
}

void check_least_message(const Route& route, const KeyPath& path, Objections& objections) {
  const KeyPath max_message = path / "max_message";
  const LeastMessage least = least_message(route.framing, path / "framing");
  if (least.size <= route.max_message) return;
  if (objections.told(max_message) || objections.told(least.path)) return;
  objections.add(route, objections.later(least.path, max_message),
                 "`max_message` (" + size_to_string(route.max_message) + ") is smaller than " +
                     std::string(least.words) + ": write at least " +
                     in_backticks("max_message: " + size_to_string(least.size)));
}

/// One direction's keys, or those of both where they stand directly under `overflow`.
class Direction {
 public:
  Direction(const Route& route, const Overflow& overflow, const KeyPath& route_path, KeyPath path,
            Objections& objections)
      : route_(route),
        overflow_(overflow),
        framing_(route_path / "framing"),
        max_message_(route_path / "max_message"),
        path_(std::move(path)),
        objections_(objections) {}

  void check() {
    if (objections_.told(path_ / "policy")) return;
    if (drops(overflow_.policy)) {
      check_drops();
    } else if (overflow_.max_age.count() > 0) {
      fault("max_age", quoted("max_age", to_string(overflow_.max_age)) +
                           " is for policies that drop, and the policy is " +
                           in_backticks(policy_word()) +
                           ": write `policy: drop_oldest` or `policy: drop_newest`, or leave "
                           "`max_age` out");
    }
    if (overflow_.queue_messages > 0) check_queue_messages();
  }

 private:
  void check_drops() {
    if (!has_messages(route_.framing)) {
      if (objections_.told(framing_)) return;
      return fault("policy",
                   policy() +
                       " needs message boundaries, without which a drop would tear the stream: "
                       "write the route's "
                       "`framing`, such as `framing: line`, or `policy: pause` or `policy: close`");
    }
    const KeyPath queue = path_ / "queue";
    if (objections_.told(queue) || objections_.told(max_message_)) return;
    if (overflow_.queue == 0) return check_unqueued(queue);
    if (route_.max_message <= overflow_.queue) return;
    objections_.add(route_, objections_.given(queue) ? queue : max_message_,
                    "a message of " + in_backticks("max_message: " + max_message()) +
                        " does not fit into " + quoted("queue", size_to_string(overflow_.queue)) +
                        ", as " + policy() + " needs it to: write " +
                        in_backticks("queue: " + max_message()) +
                        " or more, or a smaller `max_message`");
  }

  // A larger one goes out in several sends, and its rest has to wait somewhere.
  void check_unqueued(const KeyPath& queue) {
    if (route_.max_message <= cautious_send) return;
    objections_.add(route_, queue,
                    quoted("queue", "0B") + " leaves no room for the rest of a message of " +
                        in_backticks("max_message: " + max_message()) +
                        " that was sent in part: write `max_message: 64KiB` or less, or " +
                        in_backticks("queue: " + max_message()) + " or more");
  }

  void check_queue_messages() {
    const std::string given = quoted("queue_messages", std::to_string(overflow_.queue_messages));
    if (!has_messages(route_.framing)) {
      // A policy that drops asks for a framing already.
      if (drops(overflow_.policy) || objections_.told(framing_)) return;
      fault("queue_messages", given +
                                  " has no messages to count: write the route's `framing`, such as "
                                  "`framing: line`, or leave `queue_messages` out");
    } else if (overflow_.queue == 0) {
      fault("queue_messages", given +
                                  " has no queue to limit: write a `queue` such as `64KiB`, or "
                                  "leave `queue_messages` out");
    }
  }

  void fault(std::string_view key, std::string message) {
    objections_.add(route_, path_ / key, std::move(message));
  }

  [[nodiscard]] std::string_view policy_word() const {
    return word_for(overflow_policies, overflow_.policy);
  }
  [[nodiscard]] std::string policy() const { return quoted("policy", policy_word()); }
  [[nodiscard]] std::string max_message() const { return size_to_string(route_.max_message); }

  // In a file the fault's place tells the direction; without one the words have to.
  [[nodiscard]] std::string quoted(std::string_view key, std::string_view value) const {
    const std::string text = std::string(key) + ": " + std::string(value);
    if (objections_.has_file()) return in_backticks(text);
    return in_backticks(std::string(path_.last()) + ": {" + text + '}');
  }

  const Route& route_;
  const Overflow& overflow_;
  KeyPath framing_;
  KeyPath max_message_;
  KeyPath path_;
  Objections& objections_;
};

}  // namespace

void check_messages(const Route& route, const KeyPath& path, Objections& objections) {
  const KeyPath max_message = path / "max_message";
  if (has_messages(route.framing)) return check_least_message(route, path, objections);
  if (!objections.given(max_message)) return;
  if (objections.told(path / "framing") || objections.told(max_message)) return;
  // The policy's own fault asks for a framing already.
  if (drops(route.to_client.policy) || drops(route.to_upstream.policy)) return;
  objections.add(route, max_message,
                 "`max_message` bounds nothing without messages: write `framing`, such as "
                 "`framing: line`, or leave `max_message` out");
}

void check_overflow(const Route& route, const KeyPath& path, Objections& objections) {
  const KeyPath both = path / "overflow";
  const KeyPath to_client = both / "to_client";
  const KeyPath to_upstream = both / "to_upstream";
  const bool is_for_both =
      objections.given(both) && !objections.given(to_client) && !objections.given(to_upstream);
  Direction(route, route.to_client, path, is_for_both ? both : to_client, objections).check();
  if (route.echo && objections.given(to_upstream)) {
    objections.add(route, to_upstream,
                   "`to_upstream` is a direction that an echo route does not have: write "
                   "`to_client`, or the keys in it directly under `overflow`");
  } else if (!route.echo && !is_for_both) {
    Direction(route, route.to_upstream, path, to_upstream, objections).check();
  }
}

}  // namespace spillway::config
