#include "daemon/config/load.hpp"
#include "tests/daemon/config/temporary_folder.hpp"

#include <gmock/gmock.h>

#include <optional>

namespace spillway::test {
namespace {

using testing::HasSubstr;

class LoadAdmin : public testing::Test {
 protected:
  auto load(const std::string& text) {
    folder_.write("spillway.yaml", text);
    return config::load_admin(folder_.file("spillway.yaml"), [](const std::string& name) {
      return name == "PORT" ? std::optional<std::string>("7") : std::nullopt;
    });
  }
  std::string address(const std::string& text) {
    const auto admin = load(text);
    if (!admin) return to_string(admin.error().front());
    return admin->listen ? to_string(*admin->listen) : "none";
  }
  [[nodiscard]] std::string path() const { return folder_.path().string(); }

 private:
  TemporaryFolder folder_;
};

TEST_F(LoadAdmin, ReadsTheAddressAlone) {
  EXPECT_EQ(address("admin: {listen: \"127.0.0.1:9\"}\nroutes: 7\nwhat: ever\n"), "127.0.0.1:9");
  EXPECT_EQ(address("admin: {listen: \"[::1]:${PORT}\"}"), "[::1]:7");
  EXPECT_EQ(address("admin: {listen: \"unix:a.sock\"}"), "unix:" + path() + "/a.sock");
}

TEST_F(LoadAdmin, PassesOverWhatIsWrongElsewhere) {
  EXPECT_EQ(address("log: {target: \"${MISSING}\"}\nadmin: {listen: \"127.0.0.1:9\"}"),
            "127.0.0.1:9");
}

TEST_F(LoadAdmin, AFileMayHaveNone) {
  EXPECT_EQ(address("routes: []"), "none");
  EXPECT_EQ(address("- a"), "none");
}

TEST_F(LoadAdmin, TellsWhatIsWrongWithIt) {
  EXPECT_THAT(address("admin: {listen: here}"), HasSubstr("spillway.yaml:1:17: "));
  EXPECT_THAT(address("admin: {listen: \"127.0.0.1:${MISSING}\"}"), HasSubstr("MISSING"));
  EXPECT_THAT(address("admin: {"), HasSubstr("no valid YAML"));
}

TEST_F(LoadAdmin, TellsThatTheFileIsNotThere) {
  const auto admin = config::load_admin(path() + "/none.yaml");
  ASSERT_FALSE(admin);
  EXPECT_THAT(to_string(admin.error().front()), HasSubstr("none.yaml"));
}

}  // namespace
}  // namespace spillway::test
