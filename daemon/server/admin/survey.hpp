// Asks every event loop one question.
#pragma once

#include "daemon/server/watched_loop.hpp"

#include <boost/asio/io_context.hpp>
#include <boost/asio/post.hpp>
#include <boost/asio/steady_timer.hpp>
#include <boost/system/error_code.hpp>

#include <chrono>
#include <cstddef>
#include <cstdint>
#include <functional>
#include <map>
#include <optional>
#include <utility>
#include <vector>

namespace spillway::server::admin {

using Loops = std::vector<WatchedLoop*>;

/// Waits for the answers for a bounded time, and says who gave none. Runs on the control thread and
/// waits by a timer alone.
///
/// What goes to a loop's thread has no part in what waits here: it names the round by its number,
/// and a loop that answers late answers nobody.
template <class Answer>
class Survey {
 public:
  struct Result {
    std::vector<Answer> answers;
    /// The loops without an answer, by their numbers from 0.
    std::vector<std::size_t> silent;
  };
  using Question = std::function<void(WatchedLoop&, std::function<void(Answer)>)>;
  using Done = std::function<void(Result)>;

  /// `control` outlives the survey, which outlives the loops' threads.
  Survey(boost::asio::io_context& control, Loops loops, std::chrono::milliseconds patience)
      : control_(control), loops_(std::move(loops)), owed_(loops_.size()), patience_(patience) {}

  /// `done` is called in a later turn of the control thread.
  void ask(const Question& question, Done done) {
    const std::uint64_t number = next_++;
    Round& round =
        rounds_.try_emplace(number, control_, loops_.size(), std::move(done)).first->second;
    for (std::size_t loop = 0; loop < loops_.size(); ++loop) {
      if (owed_[loop] >= most_owed) continue;
      ++owed_[loop];
      ++round.expected;
      question(*loops_[loop], [this, number, loop](Answer answer) {
        boost::asio::post(control_, [this, number, loop, answer = std::move(answer)]() mutable {
          on_answer(number, loop, std::move(answer));
        });
      });
    }
    round.timer.expires_after(round.expected > 0 ? patience_ : std::chrono::milliseconds(0));
    round.timer.async_wait([this, number](const boost::system::error_code& error) {
      if (!error) finish(number);
    });
  }

 private:
  /// A loop that owes so many answers is stuck: questions would only pile up in its memory.
  static constexpr unsigned most_owed = 32;

  struct Round {
    Round(boost::asio::io_context& control, std::size_t loops, Done call)
        : answers(loops), timer(control), done(std::move(call)) {}

    std::vector<std::optional<Answer>> answers;
    std::size_t expected = 0;
    boost::asio::steady_timer timer;
    Done done;
  };

  void on_answer(std::uint64_t number, std::size_t loop, Answer answer) {
    --owed_[loop];
    const auto found = rounds_.find(number);
    if (found == rounds_.end()) return;
    Round& round = found->second;
    round.answers[loop] = std::move(answer);
    if (--round.expected == 0) finish(number);
  }

  void finish(std::uint64_t number) {
    const auto found = rounds_.find(number);
    if (found == rounds_.end()) return;
    const auto round = rounds_.extract(found);
    Result result;
    for (std::size_t loop = 0; loop < loops_.size(); ++loop) {
      auto& answer = round.mapped().answers[loop];
      if (answer) {
        result.answers.push_back(*std::move(answer));
      } else {
        result.silent.push_back(loop);
      }
    }
    round.mapped().done(std::move(result));
  }

  boost::asio::io_context& control_;
  Loops loops_;
  std::vector<unsigned> owed_;
  std::chrono::milliseconds patience_;
  std::uint64_t next_ = 0;
  std::map<std::uint64_t, Round> rounds_;
};

}  // namespace spillway::server::admin
