#include "daemon/observe/journal_stream.hpp"

#include <gtest/gtest.h>

#include <sys/stat.h>
#include <unistd.h>

#include <cstdlib>
#include <string>

namespace spillway::testing {
namespace {

using observe::is_journal;
using observe::is_journal_stream;

/// Both ends of a pipe, which is what a descriptor of the journal is not told apart from.
class Pipe {
 public:
  Pipe() { EXPECT_EQ(::pipe(ends_), 0); }
  Pipe(const Pipe&) = delete;
  Pipe& operator=(const Pipe&) = delete;
  ~Pipe() {
    ::close(ends_[0]);
    ::close(ends_[1]);
  }
  [[nodiscard]] int descriptor() const { return ends_[1]; }
  [[nodiscard]] std::string variable() const {
    struct stat file {};
    ::fstat(ends_[1], &file);
    return std::to_string(file.st_dev) + ':' + std::to_string(file.st_ino);
  }

 private:
  int ends_[2];
};

TEST(JournalStream, IsTheOneThatTheVariableNames) {
  const Pipe journal;
  const Pipe other;
  EXPECT_TRUE(is_journal_stream(journal.descriptor(), journal.variable()));
  EXPECT_FALSE(is_journal_stream(other.descriptor(), journal.variable()));
}

TEST(JournalStream, IsNoneWithoutAVariableOrADescriptor) {
  const Pipe journal;
  EXPECT_FALSE(is_journal_stream(journal.descriptor(), ""));
  EXPECT_FALSE(is_journal_stream(journal.descriptor(), "8"));
  EXPECT_FALSE(is_journal_stream(-1, journal.variable()));
}

TEST(JournalStream, IsLookedUpInTheEnvironment) {
  const Pipe journal;
  ::setenv("JOURNAL_STREAM", journal.variable().c_str(), 1);
  EXPECT_TRUE(is_journal(journal.descriptor()));
  ::unsetenv("JOURNAL_STREAM");
  EXPECT_FALSE(is_journal(journal.descriptor()));
}

}  // namespace
}  // namespace spillway::testing
