// A connection with TLS on it, and its peer.
#pragma once

#include "tests/support/connection_harness.hpp"
#include "tests/support/tls_peer.hpp"

#include <gtest/gtest.h>

#include <string>
#include <vector>

namespace spillway::testing {

inline std::string name_of(TlsVersion version) {
  return version == TlsVersion::tls_1_2 ? "tls_1_2" : "tls_1_3";
}

class TlsConnection : public ConnectionHarness {
 public:
  explicit TlsConnection(TlsVersion version = TlsVersion::tls_1_3)
      : peer(wire, TlsRole::client, version) {}

  TlsPeer peer;

  /// Serves, and lets both sides talk until the connection has started.
  void accept() {
    serve(layers(tls_server()));
    peer.start();
    talk();
    EXPECT_EQ(events.take(), Log{"started"});
  }
  /// Lets both sides talk until neither has anything to say.
  void talk() {
    for (int rounds = 0; rounds < 100000; ++rounds) {
      run();
      if (!peer.listen()) return;
    }
    ADD_FAILURE() << "the two never stop talking";
  }
};

}  // namespace spillway::testing
