#include "daemon/server/admin/connections_json.hpp"

#include "daemon/server/admin/json_writer.hpp"
#include "daemon/server/admin/seconds.hpp"

#include <algorithm>
#include <iterator>
#include <utility>

namespace spillway::server::admin {

namespace {

using observe::LiveConnection;
using observe::LiveFlow;

void write(JsonWriter& json, std::string_view name, const LiveFlow& flow) {
  json.key(name).begin_object();
  json.field("bytes_in", flow.bytes_in)
      .field("bytes_out", flow.bytes_out)
      .field("queued_bytes", flow.queued_bytes)
      .field("queued_messages", flow.queued_messages)
      .field("queue_peak_bytes", flow.queue_peak)
      .field("dropped_messages", flow.dropped_messages)
      .field("dropped_bytes", flow.dropped_bytes)
      .field("pauses", flow.pauses)
      .field("throttled_seconds", seconds(flow.throttled))
      .field("slow", flow.slow);
  json.end_object();
}

void write(JsonWriter& json, const LiveConnection& live) {
  json.begin_object();
  json.field("conn", live.id)
      .field("route", live.route)
      .field("listen", live.listen)
      .field("client", live.client)
      .field("upstream", live.upstream)
      .field("phase", live.phase)
      .field("age_seconds", seconds(live.age))
      .field("idle_seconds", seconds(live.idle))
      .field("sni", live.server_name)
      .field("tls_version", live.tls_version)
      .field("cipher", live.cipher)
      .field("resumed", live.resumed)
      .field("client_subject", live.client_subject)
      .field("slow", live.trouble.slow)
      .field("throttled_seconds", seconds(live.trouble.throttled))
      .field("queued_bytes", live.trouble.queued_bytes);
  write(json, "to_client", live.to_client);
  if (live.has_upstream) write(json, "to_upstream", live.to_upstream);
  json.end_object();
}

}  // namespace

observe::ConnectionList merge(std::vector<observe::ConnectionList> lists, std::size_t most) {
  observe::ConnectionList all;
  for (observe::ConnectionList& list : lists) {
    all.matching += list.matching;
    std::ranges::move(list.worst, std::back_inserter(all.worst));
  }
  std::ranges::sort(all.worst, [](const LiveConnection& a, const LiveConnection& b) {
    return is_worse(a.trouble, a.id, b.trouble, b.id);
  });
  if (all.worst.size() > most) all.worst.resize(most);
  return all;
}

std::string connections_json(const observe::ConnectionList& list) {
  JsonWriter json;
  json.begin_object().field("matching", list.matching).field("shown", list.worst.size());
  json.key("connections").begin_array();
  for (const LiveConnection& live : list.worst) write(json, live);
  json.end_array().end_object();
  return std::move(json).take();
}

}  // namespace spillway::server::admin
