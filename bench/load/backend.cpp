#include "bench/load/backend.hpp"

#include "bench/load/socket.hpp"

namespace load {

Backend::Backend(EventLoop& loop, SharedBuffers& buffers, const Pattern& pattern,
                 const Address& address)
    : loop_(loop), buffers_(buffers), pattern_(pattern), listener_(listen_on(address)) {
  loop_.add(listener_, Urgency::prompt, EPOLLIN, *this);
}

void Backend::on_ready(std::uint32_t) {
  constexpr int most_at_once = 64;
  for (int i = 0; i < most_at_once; ++i) {
    auto socket = accept_from(listener_);
    if (!socket) return;
    const auto place = static_cast<std::size_t>(socket->number());
    if (place >= connections_.size()) connections_.resize(2 * place);
    connections_[place] = std::make_unique<BackendConnection>(
        loop_, buffers_, pattern_, *std::move(socket), accepted_++,
        [this, place] { connections_[place].reset(); });
  }
}

}  // namespace load
