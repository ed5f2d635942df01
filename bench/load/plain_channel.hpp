// A client's end of a plain TCP connection.
#pragma once

#include "bench/load/channel.hpp"
#include "bench/load/shared_buffers.hpp"

namespace load {

class PlainChannel : public Channel {
 public:
  PlainChannel(Descriptor socket, SharedBuffers& buffers)
      : Channel(std::move(socket)), buffers_(buffers) {}

  void receive() override { may_read_ = true; }
  bool establish() override { return true; }
  Chunk next_chunk(bool look) override;
  void write(Bytes bytes) override;
  void finish() override {}
  void flush() override;

 private:
  SharedBuffers& buffers_;
  bool may_read_ = false;
};

}  // namespace load
