#include "tests/daemon/overflow_matrix/far_end.hpp"

#include <utility>

namespace spillway::testing {

FarEnd::FarEnd(Language language) {
  if (language == Language::tls_client) tls_.emplace(wire_, TlsRole::client);
  if (language == Language::tls_server) tls_.emplace(wire_, TlsRole::server);
}

void FarEnd::greet() {
  if (tls_) tls_->start();
}

bool FarEnd::speak() {
  const bool spoke = utter();
  return wire_.poll() || spoke;
}

bool FarEnd::heard_the_end() const {
  return wire_.fin() && (!tls_ || tls_->status() == LayerStatus::finished);
}

bool FarEnd::utter() {
  if (!is_read()) return false;
  if (outbox_.empty()) {
    if (speech_ != Speech::ending) return false;
    end();
    return true;
  }
  const std::string bytes = std::move(outbox_.front());
  outbox_.pop_front();
  said_ += bytes.size();
  tls_ ? tls_->say(bytes) : wire_.receives(bytes);
  return true;
}

void FarEnd::end() {
  speech_ = Speech::ended;
  if (tls_) tls_->say_goodbye();
  wire_.ends();
}

}  // namespace spillway::testing
