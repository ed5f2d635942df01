#include "daemon/proxy/end.hpp"

namespace spillway::proxy {

namespace {

char letter(Ender ender) {
  switch (ender) {
    case Ender::client:
      return 'C';
    case Ender::upstream:
      return 'S';
    case Ender::proxy:
      return 'P';
    case Ender::overflow:
      return 'O';
    case Ender::timeout:
      return 'T';
    case Ender::drain:
      break;
  }
  return 'D';
}

char letter(Phase phase) {
  switch (phase) {
    case Phase::handshake:
      return 'H';
    case Phase::connect:
      return 'C';
    case Phase::data:
      break;
  }
  return 'D';
}

}  // namespace

std::string_view to_string(Ender ender) {
  switch (ender) {
    case Ender::client:
      return "client";
    case Ender::upstream:
      return "upstream";
    case Ender::proxy:
      return "proxy";
    case Ender::overflow:
      return "overflow";
    case Ender::timeout:
      return "timeout";
    case Ender::drain:
      break;
  }
  return "drain";
}

End clean_end(Ender first) { return {first, "ended", "--"}; }

End cut_short(Ender by, Phase phase, std::string_view reason) {
  return {by, reason, {letter(by), letter(phase)}};
}

}  // namespace spillway::proxy
