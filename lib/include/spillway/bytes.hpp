// Views of bytes: what a connection hands out and takes in.
#pragma once

#include <cstddef>
#include <span>
#include <string_view>

namespace spillway {

/// Bytes that belong to somebody else. Lifetime, unless a declaration says otherwise: the call
/// that the view is passed to.
using Bytes = std::span<const std::byte>;

/// Several buffers that go out as one gather write, in order. Empty ones are skipped.
using BufferList = std::span<const Bytes>;

inline Bytes as_bytes(std::string_view text) {
  return std::as_bytes(std::span(text.data(), text.size()));
}

inline std::string_view as_text(Bytes bytes) {
  return {reinterpret_cast<const char*>(bytes.data()), bytes.size()};
}

}  // namespace spillway
