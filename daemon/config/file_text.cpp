#include "daemon/config/file_text.hpp"

#include "daemon/config/units.hpp"

#include <fcntl.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include <algorithm>
#include <cerrno>
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

// The text may be a private key, which the one that gets it wipes: it shall be nowhere else.
void grow(std::string& text) {
  constexpr std::size_t at_first = 16 * 1024;
  std::string larger(std::max(at_first, 2 * text.size()), '\0');
  text.copy(larger.data(), text.size());
  ::explicit_bzero(text.data(), text.size());
  text = std::move(larger);
}

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

  std::string text;
  for (std::size_t size = 0; size <= max_size;) {
    if (size == text.size()) grow(text);
    const ssize_t count = ::read(file.get(), text.data() + size, text.size() - size);
    if (count < 0 && errno == EINTR) continue;
    if (count < 0) return unreadable(errno);
    if (count == 0) {
      text.resize(size);
      return FileText(boost::system::in_place_value, std::move(text));
    }
    size += static_cast<std::size_t>(count);
  }
  return FileError{"is larger than " + size_to_string(max_size) +
                   ", which this kind of file never is: check that it is the right one"};
}

void throw_exception_from_error(const FileError& error, const boost::source_location& where) {
  (void)where;
  throw std::logic_error(error.message);
}

}  // namespace spillway::config
