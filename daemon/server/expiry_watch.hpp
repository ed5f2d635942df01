// Warns of certificates that are about to expire.
#pragma once

#include "daemon/observe/event.hpp"
#include "daemon/observe/log.hpp"

#include <spillway/tls/certificate_info.hpp>

#include <boost/asio/io_context.hpp>
#include <boost/asio/steady_timer.hpp>

#include <chrono>
#include <map>
#include <string>

namespace spillway::server {

enum class Validity { good, ends_soon, ended };

/// "Soon" is within 14 days, or within the last third of a life that is shorter than six weeks: so
/// that those which are renewed every few hours or days are not always about to expire.
Validity validity_of(const CertificateInfo& certificate, std::chrono::system_clock::time_point now);

/// Looks at what it is given at once and then every hour, and tells of each certificate once a day.
/// For the control thread.
class ExpiryWatch {
 public:
  /// By the file that each came from.
  using Certificates = std::map<std::string, CertificateInfo>;

  /// Both outlive it.
  ExpiryWatch(boost::asio::io_context& control, observe::Log& log);

  /// These from now on. What was told of those that stay is not told again before its time.
  void watch(Certificates certificates);
  void stop();

 private:
  struct Told {
    CertificateInfo certificate;
    Validity validity;
    std::chrono::steady_clock::time_point at;
  };

  void look();
  void wait();
  [[nodiscard]] bool is_told(const std::string& file, const CertificateInfo& certificate,
                             Validity validity) const;
  void tell(const std::string& file, const CertificateInfo& certificate, Validity validity);
  void write(observe::Event event, const std::string& file, const CertificateInfo& certificate);

  boost::asio::steady_timer timer_;
  observe::Log& log_;
  Certificates certificates_;
  std::map<std::string, Told> told_;  // by file
};

}  // namespace spillway::server
