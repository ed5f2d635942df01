// Warns of certificates that are about to expire.
#pragma once

#include "daemon/observe/event.hpp"
#include "daemon/observe/log.hpp"

#include <spillway/tls/certificate_info.hpp>

#include <boost/asio/io_context.hpp>
#include <boost/asio/steady_timer.hpp>

#include <chrono>
#include <functional>
#include <map>
#include <string>

namespace spillway::server {

enum class Validity { good, ends_soon, ended };

/// "Soon" is within 14 days, or within the last third of a life that is shorter than six weeks: so
/// that those which are renewed every few hours or days are not always about to expire.
Validity validity_of(const CertificateInfo& certificate, std::chrono::system_clock::time_point now);

/// Looks at what it is given at once and then again and again, and tells of each certificate once a
/// day. For the control thread.
class ExpiryWatch {
 public:
  using TimePoint = std::chrono::system_clock::time_point;

  /// By the file that each came from.
  using Certificates = std::map<std::string, CertificateInfo>;

  struct Pace {
    std::chrono::milliseconds look = std::chrono::hours(1);
    std::function<TimePoint()> now = &std::chrono::system_clock::now;
  };

  /// Both outlive it.
  ExpiryWatch(boost::asio::io_context& control, observe::Log& log)
      : ExpiryWatch(control, log, Pace()) {}
  ExpiryWatch(boost::asio::io_context& control, observe::Log& log, Pace pace);

  /// These from now on. What was told of those that stay is not told again before its time.
  void watch(Certificates certificates);
  void stop();

 private:
  struct Told {
    CertificateInfo certificate;
    Validity validity;
    TimePoint at;
  };

  void look();
  void wait();
  [[nodiscard]] bool is_told(const std::string& file, const Told& news) const;
  void tell(const std::string& file, Told news);
  void write(observe::Event event, const std::string& file, const CertificateInfo& certificate);

  boost::asio::steady_timer timer_;
  observe::Log& log_;
  Pace pace_;
  Certificates certificates_;
  std::map<std::string, Told> told_;  // by file
};

}  // namespace spillway::server
