#include "tests/simulation/watched_layer.hpp"

#include <utility>

namespace spillway::simulation {

WatchedLayer::WatchedLayer(std::unique_ptr<Interceptor> layer, LayerRecord& record,
                           const LayerRecord* below, Verdict& verdict)
    : layer_(std::move(layer)), record_(record), below_(below), verdict_(verdict) {}

WatchedLayer::~WatchedLayer() { record_.destroyed = true; }

// Makes a call that may put out bytes, and notes how many.
template <class Call>
LayerStatus WatchedLayer::count(LayerOutput output, Call call) {
  const std::size_t up = output.up.size();
  const std::size_t down = output.down.size();
  record_.status = call();
  record_.up += output.up.size() - up;
  record_.down += output.down.size() - down;
  return record_.status;
}

void WatchedLayer::require_live(std::string_view call) {
  if (record_.set_up && !record_.failed() && record_.tear_downs == 0) return;
  verdict_.require(false, "SC-27: a layer gets " + std::string(call) +
                              " only after set_up, and not after failing or tear_down");
}

LayerStatus WatchedLayer::set_up(LayerOutput output) {
  verdict_.require(!record_.set_up && record_.tear_downs == 0, "SC-27: a layer is set up once");
  verdict_.require(below_ == nullptr || below_->ready(),
                   "SC-27: a layer is set up when the one below is ready");
  record_.set_up = true;
  return count(output, [&] { return layer_->set_up(output); });
}

LayerStatus WatchedLayer::incoming(Bytes wire, LayerOutput output) {
  require_live("incoming");
  verdict_.require(record_.status != LayerStatus::finished && !record_.input_ended,
                   "SC-27: no incoming behind the end");
  return count(output, [&] { return layer_->incoming(wire, output); });
}

LayerStatus WatchedLayer::outgoing(BufferList plain, LayerOutput output) {
  require_live("outgoing");
  verdict_.require(record_.ready(), "SC-27: outgoing only when ready");
  verdict_.require(record_.goodbyes == 0, "SC-21: nothing behind the goodbye");
  return count(output, [&] { return layer_->outgoing(plain, output); });
}

LayerStatus WatchedLayer::end_of_input(LayerOutput output) {
  require_live("end_of_input");
  verdict_.require(!record_.input_ended, "SC-27: the input ends once");
  record_.input_ended = true;
  count(output, [&] { return layer_->end_of_input(output); });
  record_.truncated = record_.failed();
  return record_.status;
}

void WatchedLayer::say_goodbye(LayerOutput output) {
  require_live("say_goodbye");
  verdict_.require(record_.ready(), "SC-21: only a ready layer says goodbye");
  const LayerRecord* above = record_.above;
  verdict_.require(above == nullptr || !above->ready() || above->goodbyes == 1,
                   "SC-21: the layers say goodbye from the top down");
  verdict_.require(++record_.goodbyes == 1, "SC-21: a layer says goodbye once");
  count(output, [&] {
    layer_->say_goodbye(output);
    return record_.status;
  });
}

void WatchedLayer::tear_down() noexcept {
  verdict_.require(++record_.tear_downs == 1, "SC-27: a layer is torn down once");
  layer_->tear_down();
}

std::string WatchedLayer::failure() const {
  verdict_.require(record_.failed(), "failure() is asked of a layer that failed");
  return layer_->failure();
}

}  // namespace spillway::simulation
