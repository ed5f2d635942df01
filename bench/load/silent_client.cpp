#include "bench/load/silent_client.hpp"

namespace load {

void StalledClient::on_lost(const std::string& why) {
  if (!is_set_up()) Client::on_lost(why);
  ++tally().failed;
}

}  // namespace load
