// A layer of the far side.
#pragma once

#include <spillway/interceptor.hpp>

#include <functional>
#include <memory>

namespace spillway::simulation {

struct FarLayer {
  std::unique_ptr<Interceptor> layer;
  /// Makes the layer put out protocol bytes of its own. Only when it is ready.
  std::function<void(LayerOutput)> chatter;
};

}  // namespace spillway::simulation
