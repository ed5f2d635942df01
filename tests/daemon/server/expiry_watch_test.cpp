#include "daemon/server/expiry_watch.hpp"

#include "tests/daemon/support/recorded_log.hpp"

#include <gtest/gtest.h>

#include <chrono>

namespace spillway::testing {
namespace {

using namespace std::chrono_literals;
using server::Validity;
using server::validity_of;
using std::chrono::days;

class ExpiryWatchTest : public ::testing::Test {
 protected:
  /// Valid for `life`, of which `left` is to come.
  [[nodiscard]] CertificateInfo certificate(std::chrono::hours life,
                                            std::chrono::hours left) const {
    return {"CN=feed.example.com", now_ + left, now_ + left - life};
  }

  /// What the watch does by itself when that much time has passed.
  void pass(std::chrono::hours time) {
    now_ += time;
    for (const auto looks = looks_; looks_ == looks;) control_.run_one();
  }

  std::chrono::sys_seconds now_ =
      std::chrono::floor<std::chrono::seconds>(std::chrono::system_clock::now());
  int looks_ = 0;
  boost::asio::io_context control_;
  RecordedLog log_;
  server::ExpiryWatch watch_{
      control_, log_, {.look = 1ms, .now = [this] { return ++looks_, now_; }}};
};

TEST_F(ExpiryWatchTest, SoonIsWithinAFortnight) {
  EXPECT_EQ(validity_of(certificate(days(365), days(15)), now_), Validity::good);
  EXPECT_EQ(validity_of(certificate(days(365), days(13)), now_), Validity::ends_soon);
  EXPECT_EQ(validity_of(certificate(days(365), 0h), now_), Validity::ended);
}

TEST_F(ExpiryWatchTest, SoonIsTheLastThirdOfAShortLife) {
  EXPECT_EQ(validity_of(certificate(days(6), days(3)), now_), Validity::good);
  EXPECT_EQ(validity_of(certificate(24h, 7h), now_), Validity::ends_soon);
}

// 99991231235959Z is how a certificate says that it has no end.
TEST_F(ExpiryWatchTest, ACertificateWithoutAnEndIsGood) {
  const CertificateInfo endless{"CN=feed.example.com", std::chrono::sys_seconds(253402300799s),
                                std::chrono::sys_seconds(-631152000s)};
  EXPECT_EQ(validity_of(endless, now_), Validity::good);
}

TEST_F(ExpiryWatchTest, TellsOfEachThatIsNotGood) {
  watch_.watch({{"good.crt", certificate(days(365), days(100))},
                {"old.crt", certificate(days(365), -1h)},
                {"soon.crt", certificate(days(365), days(2))}});
  ASSERT_EQ(log_.events.size(), 2U);
  const auto soon = log_.only("certificate_expires_soon");
  EXPECT_EQ(soon.level(), config::LogLevel::warning);
  EXPECT_EQ(value(soon, "cert"), "soon.crt");
  EXPECT_EQ(value(soon, "subject"), "CN=feed.example.com");
  const auto ended = log_.only("certificate_expired");
  EXPECT_EQ(ended.level(), config::LogLevel::error);
  EXPECT_EQ(value(ended, "cert"), "old.crt");
}

TEST_F(ExpiryWatchTest, DoesNotTellOfTheSameOneAgainWithTheNextReload) {
  const auto soon = certificate(days(365), days(2));
  watch_.watch({{"feed.crt", soon}});
  watch_.watch({{"feed.crt", soon}});
  EXPECT_EQ(log_.count("certificate_expires_soon"), 1U);
}

TEST_F(ExpiryWatchTest, TellsOfTheSameOneOnceADay) {
  watch_.watch({{"feed.crt", certificate(days(365), days(9))}});
  pass(23h);
  EXPECT_EQ(log_.count("certificate_expires_soon"), 1U);
  pass(1h);
  EXPECT_EQ(log_.count("certificate_expires_soon"), 2U);
  pass(23h);
  EXPECT_EQ(log_.count("certificate_expires_soon"), 2U);
}

TEST_F(ExpiryWatchTest, TellsByItselfThatOneIsAboutToEndAndThatItHasEnded) {
  watch_.watch({{"feed.crt", certificate(days(365), days(15))}});
  EXPECT_TRUE(log_.events.empty());
  pass(days(2));
  EXPECT_EQ(log_.count("certificate_expires_soon"), 1U);
  pass(days(13) - 1h);
  EXPECT_EQ(log_.count("certificate_expired"), 0U);
  pass(1h);
  EXPECT_EQ(log_.count("certificate_expired"), 1U);
}

TEST_F(ExpiryWatchTest, TellsOfAnotherOneInTheSameFile) {
  watch_.watch({{"feed.crt", certificate(days(365), days(2))}});
  watch_.watch({{"feed.crt", certificate(days(365), days(100))}});
  EXPECT_EQ(log_.count("certificate_expires_soon"), 1U);
  watch_.watch({{"feed.crt", certificate(days(365), days(1))}});
  EXPECT_EQ(log_.count("certificate_expires_soon"), 2U);
}

}  // namespace
}  // namespace spillway::testing
