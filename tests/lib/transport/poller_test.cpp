#include "transport/poller.hpp"

#include "loopback.hpp"

#include <gtest/gtest.h>

#include <poll.h>
#include <sys/eventfd.h>
#include <sys/socket.h>

#include <functional>
#include <vector>

namespace spillway {
namespace {

Descriptor raised_event() { return Descriptor(::eventfd(1, EFD_CLOEXEC | EFD_NONBLOCK)); }

class Recorder final : public Pollable {
 public:
  void on_poll(Readiness readiness) override {
    heard.push_back(readiness);
    if (then) then();
  }
  std::vector<Readiness> heard;
  std::function<void()> then;
};

bool look_and_tell(Poller& poller) {
  const bool found = poller.look();
  while (poller.tell_next()) continue;
  return found;
}

TEST(Poller, FindsNothingWhereNothingIsReady) {
  Poller poller;
  const Descriptor quiet(::eventfd(0, EFD_CLOEXEC | EFD_NONBLOCK));
  Recorder recorder;
  ASSERT_FALSE(poller.add(quiet, {.readable = true}, recorder));
  EXPECT_FALSE(look_and_tell(poller));
  EXPECT_TRUE(recorder.heard.empty());
}

TEST(Poller, TellsOnlyWhatIsWantedAndAgainWhileItIsTrue) {
  Poller poller;
  const Descriptor event = raised_event();
  Recorder recorder;
  ASSERT_FALSE(poller.add(event, {.readable = true}, recorder));
  EXPECT_TRUE(look_and_tell(poller));
  EXPECT_TRUE(look_and_tell(poller));
  poller.change(event, {.writeable = true}, recorder);
  EXPECT_TRUE(look_and_tell(poller));
  poller.change(event, {}, recorder);
  EXPECT_FALSE(look_and_tell(poller));
  ASSERT_EQ(recorder.heard.size(), 3U);
  EXPECT_TRUE(recorder.heard[1].readable && !recorder.heard[1].writeable);
  EXPECT_TRUE(recorder.heard[2].writeable && !recorder.heard[2].readable);
}

TEST(Poller, DoesNotTellWhatWasRemovedInTheSameBatch) {
  Poller poller;
  const Descriptor events[] = {raised_event(), raised_event()};
  Recorder recorders[2];
  for (int i = 0; i < 2; ++i) {
    ASSERT_FALSE(poller.add(events[i], {.readable = true}, recorders[i]));
    recorders[i].then = [&, i] { poller.remove(events[1 - i], recorders[1 - i]); };
  }
  EXPECT_TRUE(look_and_tell(poller));
  EXPECT_EQ(recorders[0].heard.size() + recorders[1].heard.size(), 1U);
}

TEST(Poller, LetsAPollableRemoveItselfInsideItsCall) {
  Poller poller;
  const Descriptor event = raised_event();
  Recorder recorder;
  ASSERT_FALSE(poller.add(event, {.readable = true}, recorder));
  recorder.then = [&] { poller.remove(event, recorder); };
  EXPECT_TRUE(look_and_tell(poller));
  EXPECT_FALSE(look_and_tell(poller));
}

TEST(Poller, TellsTheNewOneOnlyAfterAHandOver) {
  Poller poller;
  const Descriptor events[] = {raised_event(), raised_event()};
  Recorder before[2];
  Recorder after;
  for (int i = 0; i < 2; ++i) {
    ASSERT_FALSE(poller.add(events[i], {.readable = true}, before[i]));
    // Whichever is told first: what was found for the other one is not told to either of the two.
    before[i].then = [&, i] {
      poller.hand_over(events[1 - i], {.writeable = true}, before[1 - i], after);
      before[i].then = nullptr;
    };
  }
  EXPECT_TRUE(look_and_tell(poller));
  EXPECT_EQ(before[0].heard.size() + before[1].heard.size(), 1U);
  EXPECT_TRUE(after.heard.empty());
  EXPECT_TRUE(look_and_tell(poller));
  EXPECT_EQ(before[0].heard.size() + before[1].heard.size(), 2U);
  ASSERT_EQ(after.heard.size(), 1U);
  EXPECT_TRUE(after.heard[0].writeable && !after.heard[0].readable);
}

TEST(Poller, TellsAHangUpThatNobodyWantsJustOnce) {
  Poller poller;
  int ends[2];
  ASSERT_EQ(::socketpair(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0, ends), 0);
  const Descriptor mine(ends[0]);
  Descriptor theirs(ends[1]);
  Recorder recorder;
  ASSERT_FALSE(poller.add(mine, {}, recorder));
  theirs.reset();
  EXPECT_TRUE(look_and_tell(poller));
  EXPECT_FALSE(look_and_tell(poller));
  ASSERT_EQ(recorder.heard.size(), 1U);
  EXPECT_TRUE(recorder.heard[0].failed);
}

TEST(Poller, IsItselfReadableWhileItHasSomethingToTell) {
  Poller poller;
  const Descriptor event = raised_event();
  Recorder recorder;
  pollfd look{poller.descriptor(), POLLIN, 0};
  EXPECT_EQ(::poll(&look, 1, 0), 0);
  ASSERT_FALSE(poller.add(event, {.readable = true}, recorder));
  EXPECT_EQ(::poll(&look, 1, 0), 1);
}

// A call that throws leaves the others to be told; each failure that nobody wants is found once.
TEST(Poller, TellsWhatIsLeftBeforeItLooksAgain) {
  Poller poller;
  const Descriptor events[] = {raised_event(), raised_event()};
  Recorder recorders[2];
  for (int i = 0; i < 2; ++i) {
    ASSERT_FALSE(poller.add(events[i], {.readable = true}, recorders[i]));
  }
  ASSERT_TRUE(poller.look());
  ASSERT_TRUE(poller.tell_next());
  EXPECT_TRUE(look_and_tell(poller));
  EXPECT_EQ(recorders[0].heard.size(), 1U);
  EXPECT_EQ(recorders[1].heard.size(), 1U);
}

TEST(Poller, SaysWhyItCannotTakeADescriptor) {
  Poller poller;
  Recorder recorder;
  const Descriptor event = raised_event();
  ASSERT_FALSE(poller.add(event, {}, recorder));
  EXPECT_EQ(poller.add(event, {}, recorder), boost::system::errc::file_exists);
}

}  // namespace
}  // namespace spillway
