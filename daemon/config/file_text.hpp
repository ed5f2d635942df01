// A small file, read whole.
#pragma once

#include <boost/system/result.hpp>

#include <cstddef>
#include <string>

namespace spillway::config {

struct FileError {
  /// In words, to be read behind the file's name: "cannot be read: Permission denied".
  std::string message;
};

using FileText = boost::system::result<std::string, FileError>;

/// The whole of the file at `path`, if it is at most `max_size` bytes long. A directory is an
/// error; a pipe is not (`-c <(...)`).
FileText read_file(const std::string& path, std::size_t max_size);

[[noreturn]] void throw_exception_from_error(const FileError& error,
                                             const boost::source_location& where);

}  // namespace spillway::config
