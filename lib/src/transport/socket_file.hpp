// The file that a listening unix socket has in the file system.
#pragma once

#include <boost/system/error_code.hpp>

#include <sys/types.h>

#include <string>

namespace spillway {

/// Owns the file: removes it at the end, if it still is the one that was made here.
class SocketFile {
 public:
  /// Remembers which file lies at `path`. REQUIRES: a socket was just bound to it.
  explicit SocketFile(std::string path);
  ~SocketFile() { remove(); }
  SocketFile(SocketFile&& other) noexcept;
  SocketFile& operator=(SocketFile&& other) noexcept;

  void remove() noexcept;

  /// Removes the socket that a dead process left at `path`. An error, and nothing is removed, if
  /// somebody listens there or if it is not a socket.
  static boost::system::error_code remove_stale(const std::string& path);

 private:
  std::string path_;  // empty when there is nothing to remove
  dev_t device_ = 0;
  ino_t node_ = 0;
};

}  // namespace spillway
