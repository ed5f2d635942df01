#include "daemon/config/tls_contexts.hpp"

#include "tests/daemon/config/config_folder.hpp"

#include <gtest/gtest.h>

#include <filesystem>

namespace spillway::test {
namespace {

using namespace config;

class TlsContextsTest : public ::testing::Test {
 protected:
  Tls with_certificate(const std::string& name) {
    folder_.add_certificate(name);
    Tls tls;
    tls.certificates = {{file(name + ".crt"), file(name + ".key")}};
    return tls;
  }
  [[nodiscard]] std::string file(const std::string& name) const {
    return folder_.folder().file(name);
  }

  ConfigFolder folder_;
  TlsContexts contexts_;
};

TEST_F(TlsContextsTest, RoutesOfTheSameFilesShareOne) {
  const Tls one = with_certificate("a");
  Tls other = one;
  other.handshake_timeout *= 2;  // no matter of the context
  EXPECT_TRUE(contexts_.server(one));
  EXPECT_EQ(&contexts_.server(one), &contexts_.server(other));
}

TEST_F(TlsContextsTest, WhateverAContextIsMadeOfTellsThemApart) {
  const Tls one = with_certificate("a");
  Tls newer = one;
  newer.min_version = TlsVersion::tls_1_3;
  EXPECT_NE(&contexts_.server(one), &contexts_.server(newer));
  EXPECT_NE(&contexts_.server(one), &contexts_.server(with_certificate("b")));

  UpstreamTls verified;
  verified.ca = one.certificates[0].cert;
  UpstreamTls unverified = verified;
  unverified.insecure_skip_verify = true;
  EXPECT_EQ(&contexts_.client(verified), &contexts_.client(verified));
  EXPECT_NE(&contexts_.client(verified), &contexts_.client(unverified));
}

TEST_F(TlsContextsTest, WhatWasCheckedIsWhatIsServed) {
  const Tls tls = with_certificate("a");
  EXPECT_TRUE(contexts_.server(tls));
  std::filesystem::remove(file("a.crt"));
  EXPECT_TRUE(contexts_.server(tls));
  EXPECT_FALSE(TlsContexts().server(tls));
}

TEST_F(TlsContextsTest, AFaultIsToldToEverybody) {
  Tls tls;
  tls.certificates = {{file("none.crt"), file("none.key")}};
  EXPECT_EQ(contexts_.server(tls).error().size(), 2U);
  EXPECT_EQ(contexts_.server(tls).error().size(), 2U);
}

TEST_F(TlsContextsTest, FilesThatDidNotChangeKeepTheirContext) {
  const Tls tls = with_certificate("a");
  contexts_.server(tls);
  auto again = TlsContexts::after(contexts_);
  EXPECT_EQ(&again.server(tls)->impl(), &contexts_.server(tls)->impl());
  EXPECT_TRUE(again.changes().empty());
}

TEST_F(TlsContextsTest, ACertificateMadeUpStays) {
  Tls tls;
  tls.self_signed = true;
  contexts_.server(tls);
  auto again = TlsContexts::after(contexts_);
  EXPECT_EQ(&again.server(tls)->impl(), &contexts_.server(tls)->impl());
}

TEST_F(TlsContextsTest, TellsWhichCertificatesAreOthers) {
  const Tls tls = with_certificate("a");
  contexts_.server(tls);
  with_certificate("a");
  auto again = TlsContexts::after(contexts_);
  EXPECT_NE(&again.server(tls)->impl(), &contexts_.server(tls)->impl());
  ASSERT_EQ(again.changes().size(), 1U);
  EXPECT_EQ(again.changes()[0].files, tls.certificates);
  EXPECT_EQ(again.changes()[0].before.size(), 1U);
}

TEST_F(TlsContextsTest, WhatCannotBeLoadedStaysWhatItWas) {
  const Tls tls = with_certificate("a");
  contexts_.server(tls);
  std::filesystem::remove(tls.certificates[0].cert);
  auto again = TlsContexts::after(contexts_);
  EXPECT_FALSE(again.server(tls));
  const auto failures = again.keep_before();
  ASSERT_EQ(failures.size(), 1U);
  EXPECT_EQ(failures[0].before.size(), 1U);
  EXPECT_EQ(&again.server(tls)->impl(), &contexts_.server(tls)->impl());
}

TEST_F(TlsContextsTest, AuthoritiesKeepTheirContextWhileTheirFileStays) {
  UpstreamTls upstream;
  upstream.ca = with_certificate("a").certificates[0].cert;
  contexts_.client(upstream);
  auto again = TlsContexts::after(contexts_);
  EXPECT_EQ(&again.client(upstream)->impl(), &contexts_.client(upstream)->impl());
  with_certificate("a");
  auto changed = TlsContexts::after(again);
  EXPECT_NE(&changed.client(upstream)->impl(), &contexts_.client(upstream)->impl());
}

TEST_F(TlsContextsTest, AuthoritiesThatCannotBeReadStayAFault) {
  UpstreamTls upstream;
  upstream.ca = with_certificate("a").certificates[0].cert;
  contexts_.client(upstream);
  std::filesystem::remove(upstream.ca);
  auto again = TlsContexts::after(contexts_);
  EXPECT_FALSE(again.client(upstream));
  EXPECT_EQ(again.keep_before().size(), 1U);
  EXPECT_EQ(&again.client(upstream)->impl(), &contexts_.client(upstream)->impl());
  auto later = TlsContexts::after(again);
  EXPECT_FALSE(later.client(upstream));
}

TEST_F(TlsContextsTest, TellsWhichStateOfEachFileWasRead) {
  const Tls tls = with_certificate("a");
  UpstreamTls upstream;
  upstream.ca = tls.certificates[0].cert;
  contexts_.server(tls);
  contexts_.client(upstream);
  const FileMarks read = contexts_.files();
  EXPECT_EQ(read, (FileMarks{{file("a.crt"), mark_of(file("a.crt"))},
                             {file("a.key"), mark_of(file("a.key"))}}));
  with_certificate("a");
  EXPECT_EQ(contexts_.files(), read);
  EXPECT_NE(mark_of(file("a.crt")), read.at(file("a.crt")));
}

TEST_F(TlsContextsTest, AFileThatIsNotThereWasReadAllTheSame) {
  Tls tls;
  tls.certificates = {{file("none.crt"), file("none.key")}};
  EXPECT_FALSE(contexts_.server(tls));
  EXPECT_EQ(contexts_.files().size(), 2U);
}

}  // namespace
}  // namespace spillway::test
