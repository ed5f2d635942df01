#include "connection/layer_stack.hpp"

#include "base/loop_buffers.hpp"

#include <algorithm>
#include <cassert>
#include <optional>
#include <utility>

namespace spillway {

LayerStack::LayerStack(std::vector<std::unique_ptr<Interceptor>> layers, LoopBuffers& buffers) {
  for (auto& layer : layers) add(std::move(layer), buffers);
}

LayerStack::~LayerStack() { tear_down(); }

void LayerStack::add(std::unique_ptr<Interceptor> layer, LoopBuffers& buffers) {
  Entry entry{.layer = std::move(layer)};
  if (empty()) {
    bottom_ = std::move(entry);
    return;
  }
  if (!more_) more_.reset(new More{.buffers = buffers, .status = {}, .entries = {}});
  more_->entries.push_back(std::move(entry));
  more_->status = combined();
}

std::string LayerStack::failure() const {
  for (std::size_t level = 0; level < size(); ++level) {
    if (at(level).status == LayerStatus::failed) return at(level).layer->failure();
  }
  return {};
}

bool LayerStack::truncated() const {
  for (std::size_t level = 0; level < size(); ++level) {
    if (at(level).truncated) return true;
  }
  return false;
}

void LayerStack::set_up(StackOutput output) {
  if (empty()) return;
  run(0, output, [](Interceptor& layer, LayerOutput out) { return layer.set_up(out); });
}

void LayerStack::push(std::unique_ptr<Interceptor> layer, LoopBuffers& buffers,
                      StackOutput output) {
  assert(ready());
  add(std::move(layer), buffers);
  run(top(), output, [](Interceptor& added, LayerOutput out) { return added.set_up(out); });
}

void LayerStack::incoming(Bytes wire, StackOutput output) { go_up(0, wire, output); }

void LayerStack::outgoing(BufferList plain, StackOutput output) {
  assert(ready() && !empty());
  run(top(), output,
      [plain](Interceptor& layer, LayerOutput out) { return layer.outgoing(plain, out); });
}

void LayerStack::end_of_input(StackOutput output) {
  for (std::size_t level = 0; level < size(); ++level) {
    const LayerStatus status = at(level).status;
    if (status != LayerStatus::handshaking && status != LayerStatus::ready) continue;
    return end_level(level, output);
  }
}

void LayerStack::say_goodbye(StackOutput output) {
  for (std::size_t level = size(); level-- > 0;) {
    // One that still shakes hands on top (start_tls) does not keep those below from theirs.
    if (!at(level).sends()) continue;
    run(level, output, [&](Interceptor& layer, LayerOutput out) {
      layer.say_goodbye(out);
      return at(level).status;
    });
    at(level).said_goodbye = true;
  }
}

void LayerStack::tear_down() noexcept {
  for (std::size_t level = 0; level < size(); ++level) {
    if (!std::exchange(at(level).torn_down, true)) at(level).layer->tear_down();
  }
}

// Makes one call to one layer and moves on what came of it; nothing does if it is the only one. The
// outermost layers write straight into the stack's output; only between layers are bytes put into a
// borrowed buffer.
template <class Call>
void LayerStack::run(std::size_t level, StackOutput output, Call call) {
  if (!more_) {
    bottom_.set_up = true;
    bottom_.status = call(*bottom_.layer, LayerOutput{.up = output.plain, .down = output.wire});
    return;
  }
  const bool is_bottom = level == 0;
  const bool is_top = level == top();
  std::optional<LoopBuffers::Lease> between_up;
  std::optional<LoopBuffers::Lease> between_down;
  if (!is_top) between_up.emplace(more_->buffers);
  if (!is_bottom) between_down.emplace(more_->buffers);

  Entry& entry = at(level);
  const LayerStatus before = entry.status;
  entry.set_up = true;
  entry.status = call(*entry.layer, LayerOutput{.up = is_top ? output.plain : **between_up,
                                                .down = is_bottom ? output.wire : **between_down});
  more_->status = combined();

  if (!is_bottom) go_down(level - 1, (*between_down)->data(), output);
  if (is_top) return;
  follow(level, before, output);
  go_up(level + 1, (*between_up)->data(), output);
  if (at(level).status == LayerStatus::finished && before != LayerStatus::finished) {
    end_level(level + 1, output);
  }
}

void LayerStack::end_level(std::size_t level, StackOutput output) {
  Entry& entry = at(level);
  if (entry.status == LayerStatus::failed || std::exchange(entry.input_ended, true)) return;
  run(level, output, [](Interceptor& layer, LayerOutput out) {
    // There is nothing left to wait for.
    const LayerStatus status = layer.end_of_input(out);
    return status == LayerStatus::handshaking ? LayerStatus::failed
           : status == LayerStatus::ready     ? LayerStatus::finished
                                              : status;
  });
  if (at(level).status == LayerStatus::failed) at(level).truncated = true;
}

// A layer that just became ready lets the one above it start, before any byte goes up to it.
// REQUIRES: there is one above.
void LayerStack::follow(std::size_t level, LayerStatus before, StackOutput output) {
  const LayerStatus now = at(level).status;
  const bool became_ready = before == LayerStatus::handshaking &&
                            (now == LayerStatus::ready || now == LayerStatus::finished);
  const bool above_waits = !at(level + 1).set_up;
  if (!became_ready || !above_waits) return;
  run(level + 1, output, [](Interceptor& layer, LayerOutput out) { return layer.set_up(out); });
}

void LayerStack::go_up(std::size_t level, Bytes bytes, StackOutput output) {
  // The layer below may end its handshake and fail in one call: then this one was never set up.
  if (bytes.empty() || !at(level).set_up) return;
  const LayerStatus status = at(level).status;
  // What follows a layer's end or failure is nobody's.
  if (status == LayerStatus::finished || status == LayerStatus::failed) return;
  run(level, output,
      [bytes](Interceptor& layer, LayerOutput out) { return layer.incoming(bytes, out); });
}

void LayerStack::go_down(std::size_t level, Bytes bytes, StackOutput output) {
  const Entry& entry = at(level);
  // A layer that said goodbye takes nothing more; what those above still answer is too late.
  if (bytes.empty() || entry.status == LayerStatus::failed || entry.said_goodbye) return;
  run(level, output, [bytes](Interceptor& layer, LayerOutput out) {
    return layer.outgoing(BufferList(&bytes, 1), out);
  });
}

// REQUIRES: more than one layer.
LayerStatus LayerStack::combined() const {
  auto any = [this](LayerStatus status) {
    return bottom_.status == status ||
           std::ranges::find(more_->entries, status, &Entry::status) != more_->entries.end();
  };
  if (any(LayerStatus::failed)) return LayerStatus::failed;
  if (any(LayerStatus::handshaking)) return LayerStatus::handshaking;
  return more_->entries.back().status;
}

}  // namespace spillway
