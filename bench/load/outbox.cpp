#include "bench/load/outbox.hpp"

#include "bench/load/socket.hpp"

namespace load {

void Outbox::send(const Descriptor& socket, Bytes bytes) {
  flush(socket);
  if (empty() && !bytes.empty()) bytes = bytes.subspan(load::send(socket, bytes));
  rest_.insert(rest_.end(), bytes.begin(), bytes.end());
}

void Outbox::flush(const Descriptor& socket) {
  if (empty()) return;
  sent_ += load::send(socket, Bytes(rest_).subspan(sent_));
  if (!empty()) return;
  rest_.clear();
  sent_ = 0;
}

}  // namespace load
