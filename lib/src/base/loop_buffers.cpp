#include "base/loop_buffers.hpp"

namespace spillway {

std::span<std::byte> LoopBuffers::read() {
  if (!read_) read_ = std::make_unique_for_overwrite<std::byte[]>(read_size);
  return {read_.get(), read_size};
}

LoopBuffers::Level& LoopBuffers::level(std::size_t index) {
  while (levels_.size() <= index) levels_.emplace_back();
  return levels_[index];
}

ByteBuffer& LoopBuffers::up(std::size_t index) { return level(index).up; }

ByteBuffer& LoopBuffers::down(std::size_t index) { return level(index).down; }

void LoopBuffers::trim(ByteBuffer& buffer) {
  buffer.clear();
  if (buffer.capacity() > keep_size) buffer.release();
}

}  // namespace spillway
