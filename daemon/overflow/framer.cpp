#include "daemon/overflow/framer.hpp"

#include <algorithm>
#include <cassert>

namespace spillway::overflow {

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

// Each step ends one message, or uses up what is left, or finds the message bad; a bad one has
// begun and never ends.
template <typename Rule>
Framer::Scan Framer::scan_by(const Rule& rule, Bytes bytes, std::size_t most) {
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
  const auto found = delimiter.search(left.first(std::min(left.size(), room)), matched_);
  take(left, found.size);
  matched_ = found.matched;
  if (matched_ == delimiter.size()) {
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
  take(left, std::min<std::size_t>(left.size(), length_ - seen_));
  if (seen_ == length_) restart();
  return Verdict::good;
}

void Framer::read_length(const config::LengthPrefixFraming& prefix, Bytes& left) {
  while (seen_ < prefix.bytes && !left.empty()) {
    const std::size_t above =
        prefix.order == config::ByteOrder::big ? prefix.bytes - 1 - seen_ : seen_;
    length_ |= std::to_integer<std::uint64_t>(take(left, 1).front()) << (8 * above);
  }
}

// Compares before it adds: a length of 8 bytes may be as large as any number.
Framer::Verdict Framer::settle_length(const config::LengthPrefixFraming& prefix) {
  const std::size_t counted = prefix.includes_header ? prefix.bytes : 0;
  if (length_ < counted) return Verdict::bad_length;
  const std::size_t uncounted = prefix.bytes - counted;
  if (framing_->max_message_ < uncounted || length_ > framing_->max_message_ - uncounted) {
    return Verdict::too_big;
  }
  length_ += uncounted;
  return Verdict::good;
}

Bytes Framer::take(Bytes& left, std::size_t size) {
  const Bytes taken = left.first(size);
  left = left.subspan(size);
  seen_ += size;
  return taken;
}

}  // namespace spillway::overflow
