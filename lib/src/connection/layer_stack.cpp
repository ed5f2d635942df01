#include "connection/layer_stack.hpp"

#include "base/loop_buffers.hpp"

#include <algorithm>
#include <cassert>
#include <optional>
#include <utility>

namespace spillway {

LayerStack::LayerStack(std::vector<std::unique_ptr<Interceptor>> layers, LoopBuffers& buffers)
    : buffers_(buffers) {
  entries_.reserve(layers.size());
  for (auto& layer : layers) entries_.push_back({.layer = std::move(layer)});
  status_ = combined();
}

LayerStack::~LayerStack() { tear_down(); }

std::string LayerStack::failure() const {
  const auto failed = std::ranges::find(entries_, LayerStatus::failed, &Entry::status);
  return failed == entries_.end() ? std::string() : failed->layer->failure();
}

void LayerStack::set_up(StackOutput output) {
  if (entries_.empty()) return;
  run(0, output, [](Interceptor& layer, LayerOutput out) { return layer.set_up(out); });
}

void LayerStack::push(std::unique_ptr<Interceptor> layer, StackOutput output) {
  assert(ready());
  entries_.push_back({.layer = std::move(layer)});
  run(entries_.size() - 1, output,
      [](Interceptor& top, LayerOutput out) { return top.set_up(out); });
}

void LayerStack::incoming(Bytes wire, StackOutput output) { go_up(0, wire, output); }

void LayerStack::outgoing(BufferList plain, StackOutput output) {
  assert(ready() && !entries_.empty());
  run(entries_.size() - 1, output,
      [plain](Interceptor& layer, LayerOutput out) { return layer.outgoing(plain, out); });
}

void LayerStack::end_of_input(StackOutput output) {
  const auto open = std::ranges::find_if(entries_, [](const Entry& entry) {
    return entry.status == LayerStatus::handshaking || entry.status == LayerStatus::ready;
  });
  if (open == entries_.end()) return;
  end_level(static_cast<std::size_t>(open - entries_.begin()), output);
}

void LayerStack::say_goodbye(StackOutput output) {
  for (std::size_t level = entries_.size(); level-- > 0;) {
    // One that still shakes hands on top (start_tls) does not keep those below from theirs.
    if (!entries_[level].sends()) continue;
    run(level, output, [&](Interceptor& layer, LayerOutput out) {
      layer.say_goodbye(out);
      return entries_[level].status;
    });
    entries_[level].said_goodbye = true;
  }
}

void LayerStack::tear_down() noexcept {
  if (std::exchange(torn_down_, true)) return;
  for (Entry& entry : entries_) entry.layer->tear_down();
}

void LayerStack::relax() noexcept {
  if (torn_down_) return;
  for (Entry& entry : entries_) {
    if (entry.set_up && entry.status != LayerStatus::failed) entry.layer->relax();
  }
}

// Makes one call to one layer and moves on what came of it. The outermost layers write straight
// into the stack's output; only between layers are bytes put into a borrowed buffer.
template <class Call>
void LayerStack::run(std::size_t level, StackOutput output, Call call) {
  const bool bottom = level == 0;
  const bool top = level + 1 == entries_.size();
  std::optional<LoopBuffers::Lease> between_up;
  std::optional<LoopBuffers::Lease> between_down;
  if (!top) between_up.emplace(buffers_);
  if (!bottom) between_down.emplace(buffers_);

  Entry& entry = entries_[level];
  const LayerStatus before = entry.status;
  entry.set_up = true;
  entry.status = call(*entry.layer, LayerOutput{.up = top ? output.plain : **between_up,
                                                .down = bottom ? output.wire : **between_down});
  status_ = combined();

  if (!bottom) go_down(level - 1, (*between_down)->data(), output);
  follow(level, before, output);
  if (!top) go_up(level + 1, (*between_up)->data(), output);
  if (!top && entries_[level].status == LayerStatus::finished && before != LayerStatus::finished) {
    end_level(level + 1, output);
  }
}

void LayerStack::end_level(std::size_t level, StackOutput output) {
  Entry& entry = entries_[level];
  if (entry.status == LayerStatus::failed || std::exchange(entry.input_ended, true)) return;
  run(level, output, [](Interceptor& layer, LayerOutput out) {
    // There is nothing left to wait for.
    const LayerStatus status = layer.end_of_input(out);
    return status == LayerStatus::handshaking ? LayerStatus::failed
           : status == LayerStatus::ready     ? LayerStatus::finished
                                              : status;
  });
  if (entries_[level].status == LayerStatus::failed) truncated_ = true;
}

// A layer that just became ready lets the one above it start, before any byte goes up to it.
void LayerStack::follow(std::size_t level, LayerStatus before, StackOutput output) {
  const LayerStatus now = entries_[level].status;
  const bool became_ready = before == LayerStatus::handshaking &&
                            (now == LayerStatus::ready || now == LayerStatus::finished);
  const bool above_waits = level + 1 < entries_.size() && !entries_[level + 1].set_up;
  if (!became_ready || !above_waits) return;
  run(level + 1, output, [](Interceptor& layer, LayerOutput out) { return layer.set_up(out); });
}

void LayerStack::go_up(std::size_t level, Bytes bytes, StackOutput output) {
  // The layer below may end its handshake and fail in one call: then this one was never set up.
  if (bytes.empty() || !entries_[level].set_up) return;
  const LayerStatus status = entries_[level].status;
  // What follows a layer's end or failure is nobody's.
  if (status == LayerStatus::finished || status == LayerStatus::failed) return;
  run(level, output,
      [bytes](Interceptor& layer, LayerOutput out) { return layer.incoming(bytes, out); });
}

void LayerStack::go_down(std::size_t level, Bytes bytes, StackOutput output) {
  const Entry& entry = entries_[level];
  // A layer that said goodbye takes nothing more; what those above still answer is too late.
  if (bytes.empty() || entry.status == LayerStatus::failed || entry.said_goodbye) return;
  run(level, output, [bytes](Interceptor& layer, LayerOutput out) {
    return layer.outgoing(BufferList(&bytes, 1), out);
  });
}

LayerStatus LayerStack::combined() const {
  auto any = [this](LayerStatus status) {
    return std::ranges::find(entries_, status, &Entry::status) != entries_.end();
  };
  if (entries_.empty()) return LayerStatus::ready;
  if (any(LayerStatus::failed)) return LayerStatus::failed;
  if (any(LayerStatus::handshaking)) return LayerStatus::handshaking;
  return entries_.back().status;
}

}  // namespace spillway
