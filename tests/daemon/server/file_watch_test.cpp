#include "daemon/server/file_watch.hpp"

#include "daemon/config/file_mark.hpp"

#include <gtest/gtest.h>

#include <stdlib.h>

#include <chrono>
#include <filesystem>
#include <fstream>
#include <string>

namespace spillway::testing {
namespace {

namespace fs = std::filesystem;

class FileWatchTest : public ::testing::Test {
 protected:
  FileWatchTest() {
    std::string name = (fs::temp_directory_path() / "spillway-watch-XXXXXX").string();
    folder_ = ::mkdtemp(name.data());
    write(folder_ / "first" / "tls.crt", "1");
    write(folder_ / "second" / "tls.crt", "2");
    fs::create_directory_symlink("first", folder_ / "data");
    watch_.watch(marks());
  }
  ~FileWatchTest() override { fs::remove_all(folder_); }

  static void write(const fs::path& file, const std::string& text) {
    fs::create_directories(file.parent_path());
    std::ofstream(file) << text;
  }
  [[nodiscard]] config::FileMarks marks() const {
    const std::string file = (folder_ / "data" / "tls.crt").string();
    return {{file, config::mark_of(file)}};
  }
  void swap_link() {
    fs::create_directory_symlink("second", folder_ / "data.new");
    fs::rename(folder_ / "data.new", folder_ / "data");
  }
  /// Until it is told, or for as long as many looks take.
  bool is_told() {
    told_ = 0;
    control_.restart();
    control_.run_for(100 * pace_.look);
    return told_ == 1;
  }

  boost::asio::io_context control_;
  fs::path folder_;
  server::FileWatch::Pace pace_{.look = std::chrono::milliseconds(10),
                                .retry = std::chrono::milliseconds(50)};
  int told_ = 0;
  bool can_be_used_ = true;
  server::FileWatch watch_{control_,
                           [this] {
                             ++told_;
                             control_.stop();
                             return can_be_used_;
                           },
                           pace_};
};

TEST_F(FileWatchTest, TellsOfAFileThatIsWrittenAnew) {
  write(folder_ / "first" / "tls.crt", "longer");
  EXPECT_TRUE(is_told());
  EXPECT_FALSE(is_told());
}

TEST_F(FileWatchTest, TellsOfALinkThatIsSwapped) {
  swap_link();
  EXPECT_TRUE(is_told());
}

TEST_F(FileWatchTest, TellsOfAFileThatIsGone) {
  fs::remove(folder_ / "first" / "tls.crt");
  EXPECT_TRUE(is_told());
}

TEST_F(FileWatchTest, IsSilentWhileNothingChanges) { EXPECT_FALSE(is_told()); }

TEST_F(FileWatchTest, TellsOfAChangeBetweenTheReadingAndTheWatching) {
  const config::FileMarks read = marks();
  swap_link();
  watch_.watch(read);
  EXPECT_TRUE(is_told());
}

TEST_F(FileWatchTest, TellsAgainWhereTheFilesCouldNotBeUsed) {
  swap_link();
  can_be_used_ = false;
  EXPECT_TRUE(is_told());
  can_be_used_ = true;
  EXPECT_TRUE(is_told());
  EXPECT_FALSE(is_told());
}

TEST_F(FileWatchTest, StoppedItIsSilent) {
  swap_link();
  watch_.stop();
  EXPECT_FALSE(is_told());
}

}  // namespace
}  // namespace spillway::testing
