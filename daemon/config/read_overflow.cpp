#include "daemon/config/read_overflow.hpp"

#include "daemon/config/section.hpp"
#include "daemon/config/words.hpp"

#include <array>

namespace spillway::config {

namespace {

constexpr std::size_t max_queue = std::size_t{1} << 30;
// An entry in memory each: more could not be held.
constexpr std::size_t max_queue_messages = 1'000'000'000;

constexpr std::string_view takes = "keys such as `{policy: pause, queue: 64KiB}`";

constexpr auto keys_of_a_direction = std::to_array<std::string_view>(
    {"policy", "queue", "queue_messages", "stall_timeout", "max_age", "slow_after"});

Overflow read_keys(Section& section) {
  Overflow overflow;
  overflow.policy = section["policy"].choice(overflow_policies, overflow.policy);
  overflow.queue = section["queue"].size(overflow.queue, max_queue);
  overflow.queue_messages =
      section["queue_messages"].count(overflow.queue_messages, max_queue_messages);
  overflow.stall_timeout =
      section["stall_timeout"].duration(default_stall_timeout(overflow.policy));
  overflow.max_age = section["max_age"].duration(overflow.max_age);
  overflow.slow_after = section["slow_after"].positive_duration(overflow.slow_after);
  return overflow;
}

Overflow read_direction(const Value& value) {
  auto section = Section::open(value, takes);
  if (!section) return {};
  const Overflow overflow = read_keys(*section);
  section->refuse_others();
  return overflow;
}

}  // namespace

void read_overflow(const Value& value, Route& route) {
  auto section = Section::open(value, takes);
  if (!section) return;
  const Value to_client = (*section)["to_client"];
  const Value to_upstream = (*section)["to_upstream"];
  if (!to_client.given() && !to_upstream.given()) {
    route.to_client = route.to_upstream = read_keys(*section);
  } else {
    route.to_client = read_direction(to_client);
    route.to_upstream = read_direction(to_upstream);
    for (const std::string_view key : keys_of_a_direction) {
      (*section)[key].refuse_key(
          "beside `to_client` or `to_upstream` has no direction: write it within them");
    }
  }
  section->refuse_others();
}

}  // namespace spillway::config
