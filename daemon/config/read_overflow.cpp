#include "daemon/config/read_overflow.hpp"

#include "daemon/config/section.hpp"
#include "daemon/config/words.hpp"

namespace spillway::config {

namespace {

constexpr std::size_t max_queue = std::size_t{1} << 30;

Overflow read_keys(Section& section) {
  Overflow overflow;
  overflow.policy = section["policy"].choice(overflow_policies, overflow.policy);
  overflow.queue = section["queue"].size(overflow.queue, max_queue);
  return overflow;
}

Overflow read_direction(const Value& value) {
  auto section = Section::open(value, "keys such as `{policy: pause, queue: 64KiB}`");
  if (!section) return {};
  const Overflow overflow = read_keys(*section);
  section->refuse_others();
  return overflow;
}

}  // namespace

void read_overflow(const Value& value, Route& route) {
  auto section = Section::open(value, "keys such as `{policy: pause, queue: 64KiB}`");
  if (!section) return;
  const Value to_client = (*section)["to_client"];
  const Value to_upstream = (*section)["to_upstream"];
  if (!to_client.given() && !to_upstream.given()) {
    route.to_client = route.to_upstream = read_keys(*section);
  } else {
    route.to_client = read_direction(to_client);
    route.to_upstream = read_direction(to_upstream);
    for (const std::string_view key : {"policy", "queue"}) {
      (*section)[key].refuse_key(
          "beside `to_client` or `to_upstream` has no direction: write it within them");
    }
  }
  section->refuse_others();
}

}  // namespace spillway::config
