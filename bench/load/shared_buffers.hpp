// Memory that every connection uses in its turn and none between turns: it stays in the cache.
#pragma once

#include "bench/load/bytes.hpp"

#include <vector>

namespace load {

struct SharedBuffers {
  static constexpr std::size_t read_size = 256 * 1024;

  std::vector<std::byte> received = std::vector<std::byte>(read_size);
  std::vector<std::byte> decrypted = std::vector<std::byte>(16 * 1024);  // one TLS record
  std::vector<std::byte> unsent;
};

}  // namespace load
