#include "daemon/server/admin/status_command.hpp"

#include "daemon/server/admin/http_client.hpp"
#include "daemon/server/admin/status_table.hpp"
#include "daemon/server/admin/status_view.hpp"

#include <chrono>
#include <optional>
#include <ostream>
#include <string>
#include <thread>
#include <utility>
#include <variant>

namespace spillway::server::admin {

namespace {

constexpr int ready = 0;
constexpr int unwell = 1;
constexpr int draining = 3;

// More than the second that the daemon gives its loops.
constexpr std::chrono::seconds patience{5};
constexpr std::chrono::seconds interval{1};

constexpr std::string_view sufferers_path = "/connections?limit=10";

/// One look at the daemon: what is to be shown, or what is wrong.
struct Sight {
  int code = unwell;
  std::string text;
};

class Watch {
 public:
  explicit Watch(const StatusRequest& request) : request_(request) {}

  /// `size`: of where it is shown in place.
  Sight look(const std::optional<TerminalSize>& size) {
    const auto status = get("/status");
    if (!status) return {unwell, status.error().message};
    auto view = parse_status(status->body);
    if (!view) return {unwell, view.error().message};
    const int code = view->draining() ? draining : ready;
    if (request_.json) return {code, status->body};
    std::string table = status_table(*view, before_ ? &*before_ : nullptr, sufferers(), size);
    before_ = *std::move(view);
    return {code, std::move(table)};
  }

 private:
  boost::system::result<HttpAnswer, HttpFailure> get(std::string_view path) const {
    auto answer = http_get(request_.admin, path, patience);
    if (!answer || answer->status == 200) return answer;
    while (answer->body.ends_with('\n')) answer->body.pop_back();
    return HttpFailure{"the daemon is not well: " + answer->body};
  }

  // The rest is worth showing without them.
  [[nodiscard]] std::vector<SuffererView> sufferers() const {
    const auto answer = get(sufferers_path);
    if (!answer) return {};
    auto views = parse_sufferers(answer->body);
    return views ? *std::move(views) : std::vector<SuffererView>{};
  }

  const StatusRequest& request_;
  std::optional<StatusView> before_;
};

// Line by line over what is there, so that nothing flickers.
std::string in_place(const std::string& text) {
  std::string result = "\x1b[H";
  for (const char c : text) {
    if (c == '\n') result += "\x1b[K";
    result += c;
  }
  return result + "\x1b[J";
}

int complain(const Sight& sight, std::ostream& errors) {
  errors << "spillway: " << sight.text << '\n';
  return sight.code;
}

}  // namespace

Endpoint reachable(Endpoint endpoint) {
  auto* address = std::get_if<HostPort>(&endpoint);
  if (address != nullptr && address->host == "0.0.0.0") address->host = "127.0.0.1";
  if (address != nullptr && address->host == "::") address->host = "::1";
  return endpoint;
}

int run_status(const StatusRequest& request, std::ostream& out, std::ostream& errors) {
  Watch watch(request);
  bool is_first = true;
  while (true) {
    const auto size =
        request.watch && !request.json && request.terminal ? request.terminal() : std::nullopt;
    const Sight sight = watch.look(size);
    // A daemon that goes away later is worth waiting for: it may be restarting.
    if (sight.code == unwell && is_first) return complain(sight, errors);
    if (size) {
      out << in_place(sight.code == unwell ? clip(sight.text + '\n', *size) : sight.text);
    } else if (sight.code == unwell) {
      complain(sight, errors);
    } else {
      out << (is_first || request.json ? "" : "\n") << sight.text;
    }
    out.flush();
    if (!request.watch || !out) return out ? sight.code : unwell;
    is_first = false;
    std::this_thread::sleep_for(interval);
  }
}

}  // namespace spillway::server::admin
