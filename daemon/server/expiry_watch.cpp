#include "daemon/server/expiry_watch.hpp"

#include "daemon/observe/utc.hpp"

#include <boost/system/error_code.hpp>

#include <algorithm>
#include <utility>

namespace spillway::server {

using config::LogLevel;
using observe::Event;

namespace {

constexpr std::chrono::days early_enough{14};
constexpr int part_of_life = 3;

constexpr std::chrono::hours between_lines{24};

}  // namespace

Validity validity_of(const CertificateInfo& certificate,
                     std::chrono::system_clock::time_point now) {
  using std::chrono::seconds;
  const seconds left = certificate.not_after - std::chrono::floor<seconds>(now);
  if (left <= seconds::zero()) return Validity::ended;
  const seconds life = certificate.not_after - certificate.not_before;
  const seconds worrying = std::min<seconds>(early_enough, life / part_of_life);
  return left < worrying ? Validity::ends_soon : Validity::good;
}

ExpiryWatch::ExpiryWatch(boost::asio::io_context& control, observe::Log& log, Pace pace)
    : timer_(control), log_(log), pace_(std::move(pace)) {}

void ExpiryWatch::watch(Certificates certificates) {
  certificates_ = std::move(certificates);
  std::erase_if(told_, [this](const auto& each) { return !certificates_.contains(each.first); });
  look();
  wait();
}

void ExpiryWatch::stop() {
  certificates_.clear();
  timer_.cancel();
}

void ExpiryWatch::wait() {
  if (certificates_.empty()) return stop();
  timer_.expires_after(pace_.look);
  timer_.async_wait([this](const boost::system::error_code& error) {
    // A wait that is over already cannot be cancelled any more.
    if (error || certificates_.empty()) return;
    look();
    wait();
  });
}

void ExpiryWatch::look() {
  const TimePoint now = pace_.now();
  for (const auto& [file, certificate] : certificates_) {
    const Told news{certificate, validity_of(certificate, now), now};
    if (news.validity == Validity::good) {
      told_.erase(file);
    } else if (!is_told(file, news)) {
      tell(file, news);
    }
  }
}

bool ExpiryWatch::is_told(const std::string& file, const Told& news) const {
  const auto found = told_.find(file);
  if (found == told_.end()) return false;
  const Told& told = found->second;
  const bool is_the_same = told.certificate == news.certificate && told.validity == news.validity;
  // The clock may have been set back.
  return is_the_same && news.at >= told.at && news.at - told.at < between_lines;
}

void ExpiryWatch::tell(const std::string& file, Told news) {
  if (news.validity == Validity::ended) {
    write(Event(LogLevel::error, "certificate_expired"), file, news.certificate);
  } else {
    write(Event(LogLevel::warning, "certificate_expires_soon"), file, news.certificate);
  }
  told_.insert_or_assign(file, std::move(news));
}

void ExpiryWatch::write(Event event, const std::string& file, const CertificateInfo& certificate) {
  log_.write(event.with("cert", file)
                 .with("subject", certificate.subject)
                 .with("not_after", observe::utc(certificate.not_after)));
}

}  // namespace spillway::server
