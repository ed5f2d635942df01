#include "transport/threaded_resolver.hpp"

#include "loopback.hpp"

#include <spillway/event_loop.hpp>

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <future>
#include <memory>
#include <optional>
#include <string>
#include <thread>
#include <vector>

namespace spillway {
namespace {

using ::testing::Each;
using ::testing::ElementsAre;

ResolveResult first_loopback(const HostPort& target) {
  return std::vector{*literal_address({"127.0.0.1", target.port})};
}

std::vector<std::string> texts_of(const ResolveResult& result) {
  std::vector<std::string> texts;
  for (const Address& address : result.value()) texts.push_back(address.to_string());
  return texts;
}

TEST(ThreadedResolver, AnswersOnTheLoopWithWhatTheLookUpFound) {
  EventLoop loop;
  ThreadedResolver resolver(first_loopback);
  std::optional<ResolveResult> answer;
  std::thread::id answered_on;
  const auto query = resolver.resolve(loop, {"name", 80}, [&](ResolveResult result) {
    answer = std::move(result);
    answered_on = std::this_thread::get_id();
    loop.stop();
  });
  EXPECT_FALSE(answer);
  loop.run();
  EXPECT_THAT(texts_of(*answer), ElementsAre("127.0.0.1:80"));
  EXPECT_EQ(answered_on, std::this_thread::get_id());
}

TEST(ThreadedResolver, AnswersALiteralWithoutALookUpButNotFromInside) {
  EventLoop loop;
  ThreadedResolver resolver([](const HostPort&) -> ResolveResult {
    ADD_FAILURE() << "looked up";
    return ResolveError{""};
  });
  std::optional<ResolveResult> answer;
  const auto query = resolver.resolve(loop, {"::1", 80},
                                      [&](ResolveResult result) { answer = std::move(result); });
  EXPECT_FALSE(answer);
  loop.poll();
  EXPECT_THAT(texts_of(*answer), ElementsAre("[::1]:80"));
}

TEST(ThreadedResolver, HandsErrorsOn) {
  EventLoop loop;
  ThreadedResolver resolver([](const HostPort&) -> ResolveResult { return ResolveError{"no"}; });
  std::string words;
  const auto query = resolver.resolve(loop, {"name", 80}, [&](const ResolveResult& result) {
    words = result.error().message;
    loop.stop();
  });
  loop.run();
  EXPECT_EQ(words, "no");
}

/// A look-up that stands still until it is let go.
class Gate {
 public:
  ResolveResult pass(const HostPort& target) {
    entered_.set_value();
    open_.get_future().wait();
    return first_loopback(target);
  }
  void wait_until_entered() { entered_.get_future().wait(); }
  void open() { open_.set_value(); }

 private:
  std::promise<void> entered_;
  std::promise<void> open_;
};

TEST(ThreadedResolver, CallsNobodyWhenTheQueryIsGoneBeforeTheAnswer) {
  EventLoop loop;
  Gate gate;
  const auto held = std::make_shared<int>(0);
  {
    ThreadedResolver resolver([&](const HostPort& target) { return gate.pass(target); });
    auto query = resolver.resolve(loop, {"name", 80}, [held](const ResolveResult&) {
      ADD_FAILURE() << "called after the query was destroyed";
    });
    gate.wait_until_entered();
    query.reset();
    EXPECT_EQ(held.use_count(), 1) << "the handler goes with the query, on the loop's thread";
    gate.open();
  }
  testing::settle(loop);
}

TEST(ThreadedResolver, CallsNobodyWhenTheQueryIsGoneAfterThePost) {
  EventLoop loop;
  ThreadedResolver resolver(first_loopback);
  auto query = resolver.resolve(loop, {"127.0.0.1", 80}, [](const ResolveResult&) {
    ADD_FAILURE() << "called after the query was destroyed";
  });
  query.reset();
  testing::settle(loop);
}

TEST(ThreadedResolver, LetsTheLoopGoBeforeASlowLookUpEnds) {
  Gate gate;
  ThreadedResolver resolver([&](const HostPort& target) { return gate.pass(target); });
  {
    EventLoop loop;
    const auto query = resolver.resolve(loop, {"name", 80}, [](const ResolveResult&) {});
    gate.wait_until_entered();
  }
  gate.open();
}

TEST(ThreadedResolver, LetsAQueryBeDestroyedInsideItsHandler) {
  EventLoop loop;
  ThreadedResolver resolver(first_loopback);
  std::unique_ptr<Resolver::Query> query;
  query = resolver.resolve(loop, {"name", 80}, [&](const ResolveResult&) {
    query.reset();
    loop.stop();
  });
  loop.run();
  EXPECT_FALSE(query);
}

TEST(ThreadedResolver, AnswersManyNamesEachOnce) {
  constexpr int names = 100;
  EventLoop loop;
  ThreadedResolver resolver(first_loopback);
  std::vector<int> answers(names, 0);
  std::vector<std::unique_ptr<Resolver::Query>> queries;
  int left = names;
  for (std::size_t i = 0; i < names; ++i) {
    queries.push_back(
        resolver.resolve(loop, {"name" + std::to_string(i % 40), 80}, [&, i](const ResolveResult&) {
          ++answers[i];
          if (--left == 0) loop.stop();
        }));
  }
  loop.run();
  EXPECT_THAT(answers, Each(1));
}

// Many clients of one route whose name nobody answers for must not keep the others from theirs.
TEST(ThreadedResolver, LooksANameUpOnceForAllWhoAskMeanwhile) {
  EventLoop loop;
  Gate gate;
  ThreadedResolver resolver([&](const HostPort& target) {
    return target.host == "slow" ? gate.pass(target) : first_loopback(target);
  });
  std::vector<std::unique_ptr<Resolver::Query>> slow;
  int slow_answers = 0;
  for (int i = 0; i < 5; ++i) {
    slow.push_back(resolver.resolve(loop, {"slow", 80}, [&](const ResolveResult&) {
      if (++slow_answers == 3) loop.stop();
    }));
  }
  gate.wait_until_entered();
  const auto fast =
      resolver.resolve(loop, {"fast", 80}, [&](const ResolveResult&) { loop.stop(); });
  loop.run();
  EXPECT_EQ(slow_answers, 0);
  slow.resize(3);
  gate.open();
  loop.run();
  EXPECT_EQ(slow_answers, 3);
}

TEST(SystemResolver, KnowsLocalhost) {
  EventLoop loop;
  const std::unique_ptr<Resolver> resolver = system_resolver();
  std::optional<ResolveResult> answer;
  const auto query = resolver->resolve(loop, {"localhost", 80}, [&](ResolveResult result) {
    answer = std::move(result);
    loop.stop();
  });
  loop.run();
  ASSERT_TRUE(*answer) << answer->error().message;
  EXPECT_FALSE((*answer)->empty());
}

TEST(SystemResolver, ReportsAnImpossibleNameInWords) {
  EventLoop loop;
  const std::unique_ptr<Resolver> resolver = system_resolver();
  std::string words;
  const auto query =
      resolver->resolve(loop, {"no such name", 80}, [&](const ResolveResult& result) {
        if (!result) words = result.error().message;
        loop.stop();
      });
  loop.run();
  EXPECT_FALSE(words.empty());
}

}  // namespace
}  // namespace spillway
