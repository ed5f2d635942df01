#include "bench/load/download_client.hpp"

namespace load {

void DownloadClient::on_chunk(Chunk chunk) {
  if (start_bytes_left_ > 0) chunk = take_start(chunk);
  if (!chunk.empty()) check(check_, chunk);
}

Chunk DownloadClient::take_start(Chunk chunk) {
  for (; start_bytes_left_ > 0 && !chunk.empty(); --start_bytes_left_) {
    start_ = start_ << 8 | std::to_integer<std::uint64_t>(*chunk.data);
    chunk = {chunk.size - 1, chunk.data + 1};
  }
  check_ = StreamCheck(pattern(), start_, StreamCheck::Units::large);
  return chunk;
}

}  // namespace load
