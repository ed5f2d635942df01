#include "daemon/server/admin/status_view.hpp"

#include <boost/json/src.hpp>

#include <exception>
#include <stdexcept>

namespace spillway::server::admin {

namespace json = boost::json;

namespace {

/// Fields of one object. A field that is not there, or of another kind, throws.
class Fields {
 public:
  explicit Fields(const json::value& value) : object_(value.as_object()) {}

  [[nodiscard]] std::string text(std::string_view name) const {
    return json::value_to<std::string>(at(name));
  }
  [[nodiscard]] std::uint64_t count(std::string_view name) const {
    return at(name).to_number<std::uint64_t>();
  }
  [[nodiscard]] double number(std::string_view name) const { return at(name).to_number<double>(); }
  [[nodiscard]] bool flag(std::string_view name) const { return at(name).as_bool(); }
  [[nodiscard]] const json::array& list(std::string_view name) const { return at(name).as_array(); }
  [[nodiscard]] const json::value& at(std::string_view name) const {
    return object_.at({name.data(), name.size()});
  }

 private:
  const json::object& object_;
};

FlowView read_flow(const Fields& route, const Fields& flow) {
  const Fields latency(flow.at("send_latency"));
  FlowView view{.route = route.text("name"),
                .direction = flow.text("direction"),
                .draining = route.text("state") == "draining",
                .connections = route.count("connections"),
                .slow = flow.count("slow"),
                .throttled = flow.count("throttled"),
                .queued_bytes = flow.count("queued_bytes"),
                .bytes_in = flow.count("bytes_in"),
                .bytes_out = flow.count("bytes_out"),
                .dropped_messages = flow.count("dropped_messages"),
                .send_p99_seconds = latency.number("p99_seconds"),
                .send_count = latency.count("count")};
  for (const json::value& bucket : latency.list("buckets")) {
    view.send_buckets.emplace_back(bucket.at(0).to_number<double>(),
                                   bucket.at(1).to_number<std::uint64_t>());
  }
  return view;
}

StatusView read_status(const Fields& status) {
  StatusView view{.state = status.text("state"),
                  .version = status.text("version"),
                  .time = status.number("time"),
                  .uptime_seconds = status.number("uptime_seconds"),
                  .connections = status.count("connections"),
                  .queued_bytes = status.count("queued_bytes")};
  for (const json::value& each : status.list("routes")) {
    const Fields route(each);
    for (const json::value& flow : route.list("directions")) {
      view.flows.push_back(read_flow(route, Fields(flow)));
    }
  }
  return view;
}

std::vector<SuffererView> read_sufferers(const Fields& list) {
  std::vector<SuffererView> sufferers;
  for (const json::value& each : list.list("connections")) {
    const Fields one(each);
    SuffererView view{.id = one.count("conn"),
                      .route = one.text("route"),
                      .client = one.text("client"),
                      .upstream = one.text("upstream"),
                      .slow = one.flag("slow"),
                      .throttled_seconds = one.number("throttled_seconds"),
                      .queued_bytes = one.count("queued_bytes")};
    if (view.throttled_seconds > 0 || view.queued_bytes > 0) sufferers.push_back(std::move(view));
  }
  return sufferers;
}

template <class View>
boost::system::result<View, ViewError> parse(std::string_view text, View (*read)(const Fields&)) {
  try {
    return read(Fields(json::parse({text.data(), text.size()})));
  } catch (const std::exception&) {
    return ViewError{"the answer is not that of a spillway of this version"};
  }
}

}  // namespace

boost::system::result<StatusView, ViewError> parse_status(std::string_view text) {
  return parse(text, read_status);
}

boost::system::result<std::vector<SuffererView>, ViewError> parse_sufferers(std::string_view text) {
  return parse(text, read_sufferers);
}

void throw_exception_from_error(const ViewError& error, const boost::source_location&) {
  throw std::runtime_error(error.message);
}

}  // namespace spillway::server::admin
