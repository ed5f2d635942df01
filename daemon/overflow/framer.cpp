#include "daemon/overflow/framer.hpp"

#include "daemon/overflow/byte_count.hpp"

#include <algorithm>
#include <cassert>
#include <cstring>

namespace spillway::overflow {

namespace {

// Delimiters of one byte are counted in blocks of this size. In a few bytes, or where a message may
// have only a few, a search for one after the other costs less.
constexpr std::size_t block_size = 16 * 1024;
constexpr std::size_t least_to_count = 512;

std::size_t bytes_before_first(std::byte byte, Bytes bytes) {
  const void* first = std::memchr(bytes.data(), std::to_integer<int>(byte), bytes.size());
  if (first == nullptr) return bytes.size();
  return static_cast<std::size_t>(static_cast<const std::byte*>(first) - bytes.data());
}

// REQUIRES: it occurs.
std::size_t bytes_behind_last(std::byte byte, Bytes bytes) {
  const void* last = memrchr(bytes.data(), std::to_integer<int>(byte), bytes.size());
  return static_cast<std::size_t>(&bytes.back() - static_cast<const std::byte*>(last));
}

}  // namespace

Framer::Scan Framer::scan(Bytes bytes, std::size_t most) {
  assert(!bytes.empty() && most > 0);
  return std::visit([&](const auto& rule) { return scan_by(rule, bytes, most); }, framing_->rule_);
}

Framer::Scan Framer::scan_by(const config::NoFraming&, Bytes bytes, std::size_t) {
  return {.messages = 1, .size = bytes.size()};
}

// Counts without a look at the bytes.
Framer::Scan Framer::scan_by(const config::FixedFraming& rule, Bytes bytes, std::size_t most) {
  const std::size_t rest = rule.size - seen_;
  if (bytes.size() < rest) {
    seen_ += bytes.size();
    return {};
  }
  const std::size_t messages = std::min(most, 1 + (bytes.size() - rest) / rule.size);
  const std::size_t size = rest + (messages - 1) * rule.size;
  seen_ = messages == most ? 0 : bytes.size() - size;
  return {.messages = messages, .size = size};
}

Framer::Scan Framer::scan_by(const Framing::Delimiter& rule, Bytes bytes, std::size_t most) {
  const bool counts = rule.size() == 1 && bytes.size() <= most &&
                      std::min(bytes.size(), framing_->max_message_) >= least_to_count;
  return counts ? count_ends(rule.last(), bytes) : step_through(rule, bytes, most);
}

Framer::Scan Framer::scan_by(const config::LengthPrefixFraming& rule, Bytes bytes,
                             std::size_t most) {
  return step_through(rule, bytes, most);
}

// Looks at blocks and not at single messages. No block is larger than a message may be, so only the
// first message of one can be too big: it may have begun before.
Framer::Scan Framer::count_ends(std::byte end, Bytes bytes) {
  const std::size_t most = framing_->max_message_;
  Scan scan;
  for (std::size_t at = 0; at < bytes.size();) {
    const Bytes block = bytes.subspan(at, std::min({bytes.size() - at, block_size, most}));
    if (seen_ + block.size() >= most && seen_ + bytes_before_first(end, block) >= most) {
      scan.verdict = Verdict::too_big;
      break;
    }
    at += block.size();
    const std::size_t ends = count_of(end, block);
    if (ends == 0) {
      seen_ += block.size();
      continue;
    }
    seen_ = bytes_behind_last(end, block);
    scan.messages += ends;
    scan.size = at - seen_;
  }
  return scan;
}

// Each step ends one message, or uses up what is left, or finds the message bad; a bad one has
// begun and never ends.
template <typename Rule>
Framer::Scan Framer::step_through(const Rule& rule, Bytes bytes, std::size_t most) {
  Scan scan;
  Bytes left = bytes;
  while (!left.empty() && scan.messages < most && scan.verdict == Verdict::good) {
    scan.verdict = advance(rule, left);
    if (in_message()) continue;
    ++scan.messages;
    scan.size = bytes.size() - left.size();
  }
  return scan;
}

Framer::Verdict Framer::advance(const Framing::Delimiter& delimiter, Bytes& left) {
  const std::size_t room = framing_->max_message_ - seen_;
  const auto found = delimiter.search(left.first(std::min(left.size(), room)), recognised_);
  take(left, found.size);
  recognised_ = found.matched;
  if (recognised_ == delimiter.size()) {
    restart();
  } else if (seen_ == framing_->max_message_) {
    return Verdict::too_big;
  }
  return Verdict::good;
}

Framer::Verdict Framer::advance(const config::LengthPrefixFraming& prefix, Bytes& left) {
  if (seen_ < prefix.bytes) {
    read_length(prefix, left);
    if (seen_ < prefix.bytes) return Verdict::good;
    if (const Verdict verdict = settle_length(prefix); verdict != Verdict::good) return verdict;
  }
  take(left, std::min<std::size_t>(left.size(), recognised_ - seen_));
  if (seen_ == recognised_) restart();
  return Verdict::good;
}

void Framer::read_length(const config::LengthPrefixFraming& prefix, Bytes& left) {
  while (seen_ < prefix.bytes && !left.empty()) {
    const std::size_t above =
        prefix.order == config::ByteOrder::big ? prefix.bytes - 1 - seen_ : seen_;
    recognised_ |= std::to_integer<std::uint64_t>(take(left, 1).front()) << (8 * above);
  }
}

// Compares before it adds: a length of 8 bytes may be as large as any number.
Framer::Verdict Framer::settle_length(const config::LengthPrefixFraming& prefix) {
  const std::size_t counted = prefix.includes_header ? prefix.bytes : 0;
  if (recognised_ < counted) return Verdict::bad_length;
  const std::size_t uncounted = prefix.bytes - counted;
  if (framing_->max_message_ < uncounted || recognised_ > framing_->max_message_ - uncounted) {
    return Verdict::too_big;
  }
  recognised_ += uncounted;
  return Verdict::good;
}

Bytes Framer::take(Bytes& left, std::size_t size) {
  const Bytes taken = left.first(size);
  left = left.subspan(size);
  seen_ += size;
  return taken;
}

}  // namespace spillway::overflow
