#include "tests/simulation/application.hpp"

#include <algorithm>
#include <array>
#include <string>
#include <vector>

namespace spillway::simulation {

namespace {

// Sizes around what TLS and reads are cut at, and beside them mostly small ones: time goes into
// steps rather than into bytes.
std::size_t some_size(Random& random) {
  const std::size_t kind = random.below(1000);
  if (kind < 60) return 0;
  if (kind < 150) return 1;
  if (kind < 800) return random.between(2, 300);
  if (kind < 940) return random.between(300, 4096);
  if (kind < 990) return random.one_of({16383, 16384, 16385, 32768, 65535, 65536});
  return random.between(100 * 1024, 300 * 1024);
}

}  // namespace

Application::Application(World& world)
    : world_(world), ears_(std::make_unique<Ears>(static_cast<Audience&>(*this), world.fault)) {}

void Application::serve(Layers layers) {
  connection_ = Connection::server(world_.scheduler, world_.socket.transport(), std::move(layers),
                                   *ears_, world_.options);
}

void Application::take_connected(Layers layers) {
  connection_ = Connection::client(world_.scheduler, world_.socket.transport(), std::move(layers),
                                   *ears_, world_.options);
}

void Application::dial(std::unique_ptr<Dial> dial, Layers layers) {
  connection_ = Connection::connect(world_.scheduler, std::move(dial), std::move(layers), *ears_,
                                    world_.options);
}

template <class Call>
auto Application::call(std::string_view name, Call made) {
  world_.trace.note(in_callback_ ? "    " : "  ", name);
  in_call_ = true;
  struct Leave {
    ~Leave() { in_call = false; }
    bool& in_call;
  } leave{in_call_};
  return made();
}

void Application::act() {
  Random& random = world_.random;
  if (random.permille(world_.temper.ends)) return end_something();
  const std::size_t kind = random.below(98);
  if (kind < 60) return send();
  if (kind < 72) return send_list();
  if (kind < 80) return mute();
  if (kind < 92) return unmute();
  if (world_.temper.upgrades > 0) upgrade();
}

void Application::end_something() {
  switch (world_.random.below(8)) {
    case 0:
    case 1:
    case 2:
      return shut_down_send();
    case 3:
    case 4:
    case 5:
      return close();
    case 6:
      return hard_close();
    default:
      return let_go();
  }
}

void Application::send() {
  const std::size_t size = some_size(world_.random);
  const Bytes data = world_.sends.at(world_.model.sends().plain_accepted(), size);
  send_buffers(BufferList(&data, 1), size);
}

void Application::send_list() {
  std::vector<Bytes> buffers;
  const std::size_t begin = world_.model.sends().plain_accepted();
  std::size_t size = 0;
  for (std::size_t left = world_.random.below(6); left > 0; --left) {
    const std::size_t part = some_size(world_.random);
    if (size + part > 2 * Pattern::longest) break;
    buffers.push_back(world_.sends.at(begin + size, part));
    size += part;
  }
  send_buffers(buffers, size);
}

// The caller's buffers are its own again at once (SC-8): they are spoiled.
void Application::send_buffers(BufferList buffers, std::size_t size) {
  static thread_local std::vector<std::byte> copy;
  copy.clear();
  std::vector<std::size_t> ends;
  for (const Bytes buffer : buffers) {
    copy.insert(copy.end(), buffer.begin(), buffer.end());
    ends.push_back(copy.size());
  }
  std::vector<Bytes> own;
  std::size_t begin = 0;
  for (const std::size_t end : ends) {
    own.push_back(Bytes(copy).subspan(begin, end - begin));
    begin = end;
  }
  const auto refused = world_.model.refusal();
  const SendResult result = call("send", [&] {
    const SendResult made = own.size() == 1 ? connection_.send(own.front()) : connection_.send(own);
    if (made && world_.fault == Fault::sent_inside_send) ears_->on_sent(*made);
    return made;
  });
  std::ranges::fill(copy, std::byte{0xEE});
  world_.trace.note(
      "      ", size, " bytes in ", own.size(), ": ",
      result ? "token " + std::to_string(result->id()) : std::string(to_string(result.error())));
  world_.model.sent(size, result, refused);
}

void Application::mute() {
  world_.model.mute();
  call("mute", [&] { connection_.mute(); });
}

void Application::unmute() {
  world_.model.unmute();
  call("unmute", [&] { connection_.unmute(); });
}

void Application::shut_down_send() {
  world_.model.shut_down_send();
  call("shutdown_send", [&] { connection_.shutdown_send(); });
}

void Application::close() {
  world_.model.close();
  call("close", [&] { connection_.close(); });
}

void Application::hard_close() {
  world_.model.hard_close();
  call("hard_close", [&] { connection_.hard_close(); });
}

// Who let go may be gone itself: so are the ears, also inside their own callback.
void Application::let_go() {
  world_.model.let_go();
  call("let go", [&] { connection_ = Connection(); });
  ears_.reset();
}

void Application::upgrade() {
  if (const auto refusal = world_.model.start_tls_refusal()) {
    return be_refused_an_upgrade(*refusal);
  }
  // What is under way was sent before the upgrade, and would be taken for a part of it.
  Peer& peer = world_.peer;
  const bool in_between = !peer.under_way().empty() || world_.socket.has_unread();
  if (in_between || world_.peer_gone || peer.said_goodbye() || peer.sent_garbage()) return;
  world_.peer_reads(Socket::unlimited);
  if (!peer.under_way().empty() || !peer.ready()) return;

  --world_.temper.upgrades;
  LayerPair pair = world_.random.permille(700)
                       ? tls_pair(world_.side, world_.random)
                       : frame_pair(world_.side, {.round_trips = 1}, world_.random);
  auto near = world_.layers.watch(std::move(pair.near));
  world_.model.upgraded();
  const auto result = call("start_tls", [&] { return connection_.start_tls(std::move(near)); });
  world_.verdict.require(result.has_value(), "SC-31: an idle open connection can be upgraded");
  peer.push(std::move(pair.far));
}

void Application::be_refused_an_upgrade(StartTlsError expected) {
  const std::size_t surfaced = world_.layers.surfaced();
  auto layer = std::make_unique<FrameLayer>(FrameStyle{}, world_.random.fork());
  const auto result = call("start_tls in vain", [&] {
    return connection_.start_tls(world_.layers.watch(std::move(layer)));
  });
  world_.verdict.require(!result && result.error() == expected,
                         "SC-31: a refused upgrade names the reason");
  world_.layers.refused(surfaced);
}

template <class Told>
void Application::told(std::string_view name, Told tell_model) {
  world_.trace.note("  -> ", name);
  world_.verdict.require(!in_call_, "SC-13: no callback comes inside a call");
  world_.verdict.require(!in_callback_, "SC-33: no callback comes inside another");
  in_callback_ = true;
  tell_model();
  world_.model.check_answers(connection_);
  if (!calm_ && world_.random.permille(world_.temper.lively)) act_inside();
  in_callback_ = false;
}

void Application::act_inside() {
  // The system does not stand still while a callback runs.
  if (world_.random.permille(100)) world_.socket.make_room(world_.random.one_of({0, 1, 40, 5000}));
  for (std::size_t left = world_.random.between(1, 3); left > 0; --left) act();
}

void Application::start() {
  told("start", [&] { world_.model.told_start(); });
}

void Application::failure(const Failure& failure) {
  world_.trace.note("  failure: ", to_string(failure.reason), " ", failure.detail);
  told("failure", [&] { world_.model.told_failure(failure); });
}

// The bytes stay as they are until the callback returns, whatever the application does in it.
void Application::received(Bytes data) {
  const std::size_t position = world_.model.bytes_delivered();
  const bool as_sent = world_.answers.continues(position, data);
  told("received", [&] { world_.model.told_received(data, as_sent); });
  world_.verdict.require(!as_sent || world_.answers.continues(position, data),
                         "received bytes stay until the callback returns");
}

void Application::sent(SendToken token) {
  told("sent", [&] { world_.model.told_sent(token); });
}

void Application::throttled() {
  told("throttled", [&] { world_.model.told_throttled(); });
}

void Application::unthrottled() {
  told("unthrottled", [&] { world_.model.told_unthrottled(); });
}

void Application::end_of_stream() {
  told("end of stream", [&] { world_.model.told_end(); });
}

void Application::tls_started() {
  told("tls started", [&] { world_.model.told_tls_started(); });
}

void Application::closed(const Closed& closed) {
  world_.trace.note("  closed: ", to_string(closed.reason), " ", closed.detail);
  told("closed", [&] { world_.model.told_closed(closed); });
}

}  // namespace spillway::simulation
