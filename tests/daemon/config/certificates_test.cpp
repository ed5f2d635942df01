#include "daemon/config/certificates.hpp"

#include "tests/daemon/config/config_folder.hpp"

#include <gmock/gmock.h>

namespace spillway::test {
namespace {

using namespace config;

std::string told(const CertificateFaults& faults) {
  std::string text;
  for (const CertificateFault& fault : faults) {
    text += std::string(fault.path.last()) + ": " + fault.message + '\n';
  }
  return text;
}

TEST(Certificates, GoodFilesMakeAContext) {
  ConfigFolder folder;
  folder.add_certificate("a");
  Tls tls;
  tls.certificates = {{folder.folder().file("a.crt"), folder.folder().file("a.key")}};
  EXPECT_TRUE(load_server_context(tls));
}

TEST(Certificates, SelfSignedNeedsNoFile) {
  Tls tls;
  tls.self_signed = true;
  EXPECT_TRUE(load_server_context(tls));
}

TEST(Certificates, EveryFileIsLookedAt) {
  Tls tls;
  tls.certificates = {{"/nowhere/a", "/nowhere/b"}, {"/nowhere/c", "/nowhere/c"}};
  const auto context = load_server_context(tls);
  ASSERT_FALSE(context);
  EXPECT_EQ(told(context.error()),
            "cert: /nowhere/a cannot be read: No such file or directory\n"
            "key: /nowhere/b cannot be read: No such file or directory\n"
            "cert: /nowhere/c cannot be read: No such file or directory\n");
}

TEST(Certificates, AnEndlessFileIsNotReadWhole) {
  Tls tls;
  tls.certificates = {{"/dev/zero", "/dev/zero"}};
  const auto context = load_server_context(tls);
  ASSERT_FALSE(context);
  EXPECT_THAT(told(context.error()), testing::HasSubstr("/dev/zero is larger than 1MiB"));
}

}  // namespace
}  // namespace spillway::test
