#include "daemon/server/file_watch.hpp"

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
    watch_.watch({(folder_ / "data" / "tls.crt").string()});
  }
  ~FileWatchTest() override { fs::remove_all(folder_); }

  static void write(const fs::path& file, const std::string& text) {
    fs::create_directories(file.parent_path());
    std::ofstream(file) << text;
  }
  /// Until it is told, or for as long as three looks take.
  bool is_told() {
    told_ = 0;
    control_.restart();
    control_.run_for(std::chrono::milliseconds(3'500));
    return told_ == 1;
  }

  boost::asio::io_context control_;
  fs::path folder_;
  int told_ = 0;
  server::FileWatch watch_{control_, [this] {
                             ++told_;
                             control_.stop();
                           }};
};

TEST_F(FileWatchTest, TellsOfAFileThatIsWrittenAnew) {
  write(folder_ / "first" / "tls.crt", "longer");
  EXPECT_TRUE(is_told());
}

TEST_F(FileWatchTest, TellsOfALinkThatIsSwapped) {
  fs::create_directory_symlink("second", folder_ / "data.new");
  fs::rename(folder_ / "data.new", folder_ / "data");
  EXPECT_TRUE(is_told());
}

TEST_F(FileWatchTest, TellsOfAFileThatIsGone) {
  fs::remove(folder_ / "first" / "tls.crt");
  EXPECT_TRUE(is_told());
}

TEST_F(FileWatchTest, IsSilentWhileNothingChanges) { EXPECT_FALSE(is_told()); }

}  // namespace
}  // namespace spillway::testing
