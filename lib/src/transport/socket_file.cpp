#include "transport/socket_file.hpp"

#include "transport/socket.hpp"
#include "transport/system_address.hpp"

#include <sys/stat.h>
#include <unistd.h>

#include <cerrno>
#include <utility>

namespace spillway {

namespace {

boost::system::error_code in_use() { return {EADDRINUSE, boost::system::system_category()}; }

}  // namespace

SocketFile::SocketFile(std::string path) : path_(std::move(path)) {
  struct stat file {};
  if (::lstat(path_.c_str(), &file) != 0) path_.clear();
  device_ = file.st_dev;
  node_ = file.st_ino;
}

SocketFile::SocketFile(SocketFile&& other) noexcept
    : path_(std::exchange(other.path_, {})), device_(other.device_), node_(other.node_) {}

SocketFile& SocketFile::operator=(SocketFile&& other) noexcept {
  if (this == &other) return *this;
  remove();
  path_ = std::exchange(other.path_, {});
  device_ = other.device_;
  node_ = other.node_;
  return *this;
}

void SocketFile::remove() noexcept {
  if (path_.empty()) return;
  // Another process may have replaced it since; its socket is not ours to remove.
  struct stat file {};
  const bool ours =
      ::lstat(path_.c_str(), &file) == 0 && file.st_dev == device_ && file.st_ino == node_;
  if (ours) ::unlink(path_.c_str());
  path_.clear();
}

boost::system::error_code SocketFile::remove_stale(const std::string& path) {
  struct stat file {};
  if (::lstat(path.c_str(), &file) != 0) return last_error();
  // To connect to a regular file is refused just like to a dead socket: without this check a
  // mistyped path would cost somebody a file.
  if (!S_ISSOCK(file.st_mode)) return in_use();
  const auto probe = open_socket(Address::Family::unix_domain);
  if (!probe) return probe.error();
  const auto address = unix_address({path});
  if (!address) return address.error();
  const bool refused = ::connect(probe->get(), system_form(*address), system_size(*address)) != 0 &&
                       errno == ECONNREFUSED;
  if (!refused) return in_use();
  if (::unlink(path.c_str()) != 0) return last_error();
  return {};
}

}  // namespace spillway
