#include "tests/simulation/socket.hpp"

#include <algorithm>
#include <cstring>
#include <string>
#include <utility>

namespace spillway::simulation {

namespace {

std::size_t total_size(BufferList buffers) {
  std::size_t total = 0;
  for (const Bytes buffer : buffers) total += buffer.size();
  return total;
}

// Faults below strike rarely, so that what they spoil has been right before.
constexpr std::size_t spoiled_place = 100;

}  // namespace

/// What the connection holds of the socket.
class Socket::End final : public Transport {
 public:
  explicit End(Socket& socket) : socket_(socket) {}
  ~End() override {
    if (socket_.attached_ && !socket_.over()) abort();
    socket_.destroyed_ = true;
  }

  void attach(TransportObserver& observer) override {
    require(!socket_.attached_, "a transport is attached to once");
    socket_.observer_ = &observer;
    socket_.attached_ = true;
  }
  void watch(Interest interest) override {
    require_live("watch() on a closed transport");
    socket_.interest_ = interest;
    socket_.told_unwatched_failure_ = false;
  }
  IoResult read(std::span<std::byte> into) override {
    require_live("read() on a closed transport");
    require(!into.empty(), "a read has room");
    return socket_.read(into);
  }
  IoResult write(BufferList buffers) override {
    require_live("write() on a closed transport");
    return socket_.write(buffers);
  }
  [[nodiscard]] std::size_t unacknowledged_bytes() const override { return socket_.output_.size(); }
  boost::system::error_code take_error() override {
    require_live("take_error() on a closed transport");
    if (!socket_.input_error_) return {};
    socket_.told_error_ = std::exchange(socket_.input_error_, std::nullopt);
    socket_.ended_ = true;
    return *socket_.told_error_;
  }
  void shutdown_send() override {
    require_live("shutdown_send() on a closed transport");
    require(!socket_.fin_, "FIN is sent once");
    if (socket_.on_fin_) socket_.on_fin_();
    socket_.fin_ = true;
  }
  void close() noexcept override { socket_.stop(socket_.closed_); }
  void abort() noexcept override { socket_.stop(socket_.aborted_); }
  [[nodiscard]] std::string local_address() const override { return "local"; }
  [[nodiscard]] std::string peer_address() const override { return "peer"; }

 private:
  void require(bool holds, std::string_view words) { socket_.verdict_.require(holds, words); }
  void require_live(std::string_view otherwise) {
    require(socket_.attached_ && !socket_.over(), otherwise);
  }

  Socket& socket_;
};

std::unique_ptr<Transport> Socket::transport() { return std::make_unique<End>(*this); }

void Socket::break_writes(Error error, std::size_t more) {
  if (write_error_) return;
  write_error_ = make_error_code(error);
  room_ = more;
}

void Socket::fail(Error error) {
  if (input_error_ || told_error_) return;
  input_error_ = make_error_code(error);
  write_error_ = input_error_;
  room_ = 0;
}

Readiness Socket::readiness() const {
  const bool hung_up = ended_ && fin_;
  const bool failed = input_error_.has_value() || hung_up;
  return {.readable = interest_.readable && fault_ != Fault::lose_readable &&
                      (!input_.empty() || ended_ || failed),
          .writeable = interest_.writeable && fault_ != Fault::lose_writeable &&
                       (room_ > 0 || write_error_.has_value()),
          .failed = failed && !(interest_ == Interest{} && told_unwatched_failure_)};
}

bool Socket::poll(Interest look_at) {
  if (!attached_ || over()) return false;
  Readiness ready = readiness();
  ready.readable = ready.readable && look_at.readable;
  ready.writeable = ready.writeable && look_at.writeable;
  const bool heard = ready.readable || ready.writeable || ready.failed;
  // A hang-up that stays true would be told for ever; it counts as news only beside something.
  const bool news = ready.readable || ready.writeable || (ready.failed && input_error_);
  if (ready.failed && interest_ == Interest{}) told_unwatched_failure_ = true;
  if (heard) observer_->on_ready(ready);
  return news;
}

void Socket::poll_in_vain() {
  const bool waits = attached_ && !over() && interest_ != Interest{};
  if (!waits) return;
  observer_->on_ready({.readable = interest_.readable && fault_ != Fault::lose_readable,
                       .writeable = interest_.writeable && fault_ != Fault::lose_writeable,
                       .failed = input_error_.has_value()});
}

IoResult Socket::read(std::span<std::byte> into) {
  verdict_.require(!read_end_ && !read_failed_, "nothing is read behind the end");
  const std::size_t size = std::min({into.size(), input_.size(), read_limit_});
  if (size > 0) {
    std::memcpy(into.data(), input_.data().data(), size);
    if (fault_ == Fault::corrupt_read_byte && read_ <= spoiled_place &&
        spoiled_place < read_ + size) {
      into[spoiled_place - read_] ^= std::byte{1};
    }
    input_.consume(size);
    read_ += size;
    return {.bytes = size};
  }
  if (input_error_) {
    read_failed_ = true;
    told_error_ = std::exchange(input_error_, std::nullopt);
    return {.status = IoStatus::failed, .error = *told_error_};
  }
  if (!ended_) return {.status = IoStatus::would_block};
  read_end_ = true;
  return {.status = IoStatus::end_of_stream};
}

IoResult Socket::write(BufferList buffers) {
  verdict_.require(!fin_, "nothing is written behind the FIN");
  const std::size_t wanted = total_size(buffers);
  const std::size_t taken = std::min({wanted, room_, write_limit_});
  std::size_t left = taken;
  for (const Bytes buffer : buffers) {
    const std::size_t part = std::min(buffer.size(), left);
    take(buffer.first(part));
    left -= part;
  }
  if (room_ != unlimited) room_ -= taken;
  write_blocked_ = taken < wanted && room_ == 0;
  if (write_blocked_ && write_error_) {
    told_error_ = *write_error_;
    return {.bytes = taken, .status = IoStatus::failed, .error = *write_error_};
  }
  return {.bytes = taken, .status = write_blocked_ ? IoStatus::would_block : IoStatus::done};
}

void Socket::take(Bytes bytes) {
  const bool spoils = written_ <= spoiled_place && spoiled_place < written_ + bytes.size();
  const std::size_t sound = spoils ? spoiled_place - written_ : 0;
  written_ += bytes.size();
  if (spoils && fault_ == Fault::swallow_written_byte) {
    output_.append(bytes.first(sound));
    bytes = bytes.subspan(sound + 1);
  } else if (spoils && fault_ == Fault::double_written_byte) {
    output_.append(bytes.first(sound + 1));
    bytes = bytes.subspan(sound);
  }
  output_.append(bytes);
}

void Socket::stop(bool& how) {
  verdict_.require(attached_ && !over(), "a transport is closed or aborted once");
  how = true;
  observer_ = nullptr;
}

}  // namespace spillway::simulation
