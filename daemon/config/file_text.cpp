#include "daemon/config/file_text.hpp"

#include "daemon/config/units.hpp"

#include <fcntl.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include <algorithm>
#include <cerrno>
#include <span>
#include <stdexcept>
#include <system_error>
#include <utility>

namespace spillway::config {

namespace {

class Descriptor {
 public:
  explicit Descriptor(int number) : number_(number) {}
  ~Descriptor() {
    if (number_ >= 0) ::close(number_);
  }
  Descriptor(const Descriptor&) = delete;
  Descriptor& operator=(const Descriptor&) = delete;
  [[nodiscard]] int get() const { return number_; }

 private:
  int number_;
};

FileError unreadable(int error) {
  return {"cannot be read: " + std::generic_category().message(error)};
}

/// Room for a text of unknown size. It may be a private key, which the one that gets it wipes: it
/// shall be nowhere else.
class Room {
 public:
  Room() = default;
  ~Room() { wipe(); }
  Room(const Room&) = delete;
  Room& operator=(const Room&) = delete;

  /// What is free, and never nothing.
  std::span<char> free() {
    if (used_ == text_.size()) grow();
    return std::span(text_).subspan(used_);
  }
  void use(std::size_t bytes) { used_ += bytes; }
  [[nodiscard]] std::size_t used() const { return used_; }

  std::string take() && {
    text_.resize(used_);
    return std::exchange(text_, {});
  }

 private:
  void wipe() { ::explicit_bzero(text_.data(), text_.size()); }

  void grow() {
    constexpr std::size_t at_first = 16 * 1024;
    std::string larger(std::max(at_first, 2 * text_.size()), '\0');
    text_.copy(larger.data(), text_.size());
    wipe();
    text_ = std::move(larger);
  }

  std::string text_;
  std::size_t used_ = 0;
};

bool is_directory(int descriptor) {
  struct stat status {};
  return ::fstat(descriptor, &status) == 0 && S_ISDIR(status.st_mode);
}

}  // namespace

FileText read_file(const std::string& path, std::size_t max_size) {
  // A named pipe without a writer would hold `open` for ever; opened this way, it reads as empty.
  const Descriptor file(::open(path.c_str(), O_RDONLY | O_CLOEXEC | O_NONBLOCK));
  if (file.get() < 0) return unreadable(errno);
  if (is_directory(file.get())) return FileError{"is a directory: name the file in it"};
  if (::fcntl(file.get(), F_SETFL, 0) < 0) return unreadable(errno);

  Room room;
  while (room.used() <= max_size) {
    const std::span<char> free = room.free();
    const ssize_t count = ::read(file.get(), free.data(), free.size());
    if (count < 0 && errno == EINTR) continue;
    if (count < 0) return unreadable(errno);
    if (count == 0) return FileText(boost::system::in_place_value, std::move(room).take());
    room.use(static_cast<std::size_t>(count));
  }
  return FileError{"is larger than " + size_to_string(max_size) +
                   ", which this kind of file never is: check that it is the right one"};
}

void throw_exception_from_error(const FileError& error, const boost::source_location& where) {
  (void)where;
  throw std::logic_error(error.message);
}

}  // namespace spillway::config
