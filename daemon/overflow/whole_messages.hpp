// How far a row of whole messages reaches.
#pragma once

#include "daemon/overflow/framer.hpp"

#include <spillway/bytes.hpp>

#include <algorithm>
#include <cstddef>
#include <limits>

namespace spillway::overflow {

struct WholeMessages {
  std::size_t messages = 0;
  std::size_t bytes = 0;
};

/// The fewest messages at the beginning of `size` bytes that are at least `least`, or all of them.
/// `view_at` gives the bytes from an offset on that lie together, `framer` stands at the first.
/// Looks at runs and not at single messages: a swarm of tiny ones costs little more than its bytes.
template <class ViewAt>
WholeMessages fewest_messages(Framer framer, WholeMessages least, std::size_t size,
                              ViewAt view_at) {
  WholeMessages found;
  std::size_t walked = 0;
  while (walked < size && (found.bytes < least.bytes || found.messages < least.messages)) {
    Bytes view = view_at(walked);
    std::size_t most = std::numeric_limits<std::size_t>::max();
    if (walked < least.bytes) {
      view = view.first(std::min({view.size(), size - walked, least.bytes - walked}));
    } else {
      view = view.first(std::min(view.size(), size - walked));
      most = std::max(least.messages, found.messages + 1) - found.messages;
    }
    const Framer::Scan scan = framer.scan(view, most);
    if (scan.messages > 0) found = {found.messages + scan.messages, walked + scan.size};
    walked += scan.messages == most ? scan.size : view.size();
  }
  return found;
}

}  // namespace spillway::overflow
