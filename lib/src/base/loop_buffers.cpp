#include "base/loop_buffers.hpp"

#include <utility>

namespace spillway {

LoopBuffers::Lease::Lease(LoopBuffers& lender) : lender_(lender) {
  if (lender_.idle_.empty()) {
    buffer_ = std::make_unique<ByteBuffer>();
    return;
  }
  buffer_ = std::move(lender_.idle_.back());
  lender_.idle_.pop_back();
}

LoopBuffers::Lease::~Lease() {
  buffer_->clear();
  if (buffer_->capacity() > keep_size) buffer_->release();
  lender_.idle_.push_back(std::move(buffer_));
}

std::span<std::byte> LoopBuffers::read() {
  if (!read_) read_ = std::make_unique_for_overwrite<std::byte[]>(read_size);
  return {read_.get(), read_size};
}

}  // namespace spillway
