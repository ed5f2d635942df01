#include "tests/daemon/overflow_matrix/numbered_messages.hpp"

#include <algorithm>
#include <charconv>
#include <functional>
#include <optional>
#include <utility>

namespace spillway::testing {

namespace {

using namespace std::string_view_literals;

// What looks like half an end of a message is none, and bytes need not be text.
constexpr auto filler_of_text = "ab\rc\0d\xff"sv;
constexpr auto filler_of_bytes = "a\n\r\n\0\1\xff"sv;

bool has_prefix(Shape shape) { return shape == Shape::prefix_big || shape == Shape::prefix_little; }

std::size_t byte_at(std::string_view text, std::size_t at) {
  return static_cast<unsigned char>(text[at]);
}

/// The number that a body begins with.
std::optional<std::size_t> number_of(std::string_view body) {
  std::size_t number = 0;
  const auto [end, error] = std::from_chars(body.data(), body.data() + body.size(), number);
  if (error != std::errc{}) return std::nullopt;
  return number;
}

}  // namespace

bool NumberedMessages::Reading::is_in_order() const {
  return std::ranges::adjacent_find(numbers, std::greater_equal{}) == numbers.end();
}

std::string NumberedMessages::message(std::size_t number) const {
  if (shape_ == Shape::fixed)
    return body(number, std::get<config::FixedFraming>(framing_of(shape_)).size);
  const std::size_t least = overhead() + std::to_string(number).size() + 1;
  return message_of_size(number, least + number * 7919 % (largest_ + 1 - least));
}

std::string NumberedMessages::message_of_size(std::size_t number, std::size_t size) const {
  return wrap(body(number, size - overhead()));
}

NumberedMessages::Reading NumberedMessages::read(std::string_view stream) const {
  Reading reading;
  while (const std::size_t size = first_size(stream)) {
    const auto number = number_of(stream.substr(has_prefix(shape_) ? overhead() : 0, size));
    if (!number || message(*number) != stream.substr(0, size)) {
      reading.is_intact = false;
      break;
    }
    reading.numbers.push_back(*number);
    stream.remove_prefix(size);
  }
  reading.rest = stream;
  return reading;
}

std::size_t NumberedMessages::overhead() const {
  switch (shape_) {
    case Shape::line:
      return 1;
    case Shape::delimiter:
    case Shape::prefix_big:
      return 2;
    case Shape::prefix_little:
      return 4;
    case Shape::none:
    case Shape::fixed:
      break;
  }
  return 0;
}

std::string NumberedMessages::body(std::size_t number, std::size_t size) const {
  const std::string_view filler = has_prefix(shape_) ? filler_of_bytes : filler_of_text;
  std::string body = std::to_string(number) + ':';
  while (body.size() < size) body += filler[(number + body.size()) % filler.size()];
  return body;
}

std::string NumberedMessages::wrap(std::string body) const {
  const std::size_t size = body.size();
  switch (shape_) {
    case Shape::line:
      return std::move(body) + '\n';
    case Shape::delimiter:
      return std::move(body) + "\r\n";
    case Shape::prefix_big:
      return std::string{static_cast<char>(size >> 8), static_cast<char>(size)} + body;
    case Shape::prefix_little: {
      const std::size_t counted = size + 4;
      return std::string{static_cast<char>(counted), static_cast<char>(counted >> 8),
                         static_cast<char>(counted >> 16), static_cast<char>(counted >> 24)} +
             body;
    }
    case Shape::none:
    case Shape::fixed:
      break;
  }
  return body;
}

/// The size of the first message on the wire; 0 if it is not all there.
std::size_t NumberedMessages::first_size(std::string_view stream) const {
  std::size_t size = 0;
  if (shape_ == Shape::line || shape_ == Shape::delimiter) {
    const std::string_view end = shape_ == Shape::line ? "\n" : "\r\n";
    const std::size_t at = stream.find(end);
    size = at == std::string_view::npos ? 0 : at + end.size();
  } else if (stream.size() < overhead()) {
    return 0;
  } else if (shape_ == Shape::prefix_big) {
    size = 2 + byte_at(stream, 0) * 256 + byte_at(stream, 1);
  } else if (shape_ == Shape::prefix_little) {
    size = byte_at(stream, 0) + byte_at(stream, 1) * 256 + byte_at(stream, 2) * 65'536 +
           byte_at(stream, 3) * 16'777'216;
  } else if (shape_ == Shape::fixed) {
    size = message(0).size();
  }
  return size <= stream.size() ? size : 0;
}

}  // namespace spillway::testing
