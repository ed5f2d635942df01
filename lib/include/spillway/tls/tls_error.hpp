// What is wrong with a certificate, a key or a TLS setting.
#pragma once

#include <boost/system/result.hpp>

#include <string>

namespace spillway {

struct TlsError {
  /// What the one who gave it has to look at.
  enum class Subject { settings, certificate, key };

  /// In words, naming the file or setting and, where known, the mend.
  std::string message;
  Subject subject = Subject::settings;
};

[[noreturn]] void throw_exception_from_error(const TlsError& error,
                                             const boost::source_location& where);

}  // namespace spillway
