// The client for each kind of group.
#pragma once

#include "bench/load/client.hpp"
#include "bench/load/group.hpp"

namespace load {

std::unique_ptr<Client> make_client(const Group& group, Surroundings& surroundings, Tally& tally,
                                    Identity identity);

}  // namespace load
