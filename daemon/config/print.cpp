#include "daemon/config/print.hpp"

#include "daemon/config/admin_address.hpp"
#include "daemon/config/exposed_keys.hpp"
#include "daemon/config/print_framing.hpp"
#include "daemon/config/server_name.hpp"
#include "daemon/config/units.hpp"
#include "daemon/config/words.hpp"
#include "daemon/config/worst_case.hpp"

#include <vector>

namespace spillway::config {

namespace {

constexpr std::string_view no_bound = "no bound: set limits.connections";

template <class Address>
std::string list(const std::vector<Address>& addresses) {
  std::string text;
  for (const Address& address : addresses) {
    text += (text.empty() ? "" : ", ") + to_string(address);
  }
  return text;
}

std::string print_tls(const std::optional<Tls>& tls) {
  if (!tls) return "plain TCP";
  std::string text = "TLS " + std::string(word_for(tls_versions, tls->min_version)) + "+ ";
  if (tls->self_signed) return text + "(self-signed)";
  std::string files;
  for (const CertificateFiles& certificate : tls->certificates) {
    files += (files.empty() ? "" : ", ") + certificate.cert;
  }
  return text + '(' + files + ')';
}

std::string print_upstream(const Upstream& upstream) {
  const std::string servers = list(upstream.servers);
  if (!upstream.tls) return servers;
  const UpstreamTls& tls = *upstream.tls;
  std::string text = "TLS " + servers + " (";
  if (tls.insecure_skip_verify) {
    text += "not verified";
  } else {
    text += tls.ca.empty() ? "the system's CAs" : "ca " + tls.ca;
    text += ", name " + server_name(upstream).value();
  }
  if (tls.min_version != UpstreamTls().min_version) {
    text += ", min_version " + std::string(word_for(tls_versions, tls.min_version));
  }
  return text + ')';
}

std::string print_messages(const Route& route) {
  std::string text = "  framing: " + print_framing(route.framing);
  if (has_messages(route.framing)) text += ", max_message " + size_to_string(route.max_message);
  if (route.notsent_lowat != Route().notsent_lowat) {
    text += "\n  notsent_lowat: " + size_to_string(route.notsent_lowat);
  }
  return text + '\n';
}

std::string print_overflow(std::string_view direction, const Overflow& overflow) {
  std::string text = "  " + std::string(direction) + ": " +
                     std::string(word_for(overflow_policies, overflow.policy)) + ", queue " +
                     size_to_string(overflow.queue);
  if (overflow.queue_messages > 0) {
    text += ", queue_messages " + std::to_string(overflow.queue_messages);
  }
  if (overflow.stall_timeout.count() > 0) {
    text += ", stall_timeout " + to_string(overflow.stall_timeout);
  }
  if (overflow.max_age.count() > 0) text += ", max_age " + to_string(overflow.max_age);
  if (overflow.slow_after != Overflow().slow_after) {
    text += ", slow_after " + to_string(overflow.slow_after);
  }
  return text + '\n';
}

std::string in_sessions(std::size_t bytes, std::size_t sessions) {
  return rounded_size(bytes) + " in " + std::to_string(sessions) +
         (sessions == 1 ? " session" : " sessions");
}

std::string print_memory(const Route& route, const Limits& limits) {
  const std::size_t per_session = worst_case(route).total();
  const auto sessions = most_sessions(route, limits);
  return "  memory: at most " + rounded_size(per_session) + " of data per session, " +
         (sessions ? in_sessions(per_session * *sessions, *sessions) : std::string(no_bound)) +
         '\n';
}

std::string print_route(const Route& route, const Limits& limits) {
  std::string text = "route \"" + route.name + "\": " + list(route.listen) + ", " +
                     print_tls(route.tls) + " -> " +
                     (route.upstream ? print_upstream(*route.upstream) : "echo") + '\n';
  text += print_messages(route) + print_overflow("to_client", route.to_client);
  if (route.upstream) text += print_overflow("to_upstream", route.to_upstream);
  return text + print_memory(route, limits);
}

std::string warn_of_limit(const std::optional<ProcessMemory>& most, std::size_t limit) {
  if (limit == 0 || (most && most->queued <= limit)) return {};
  return "warning: the queues can come to hold " +
         (most ? rounded_size(most->queued) : "any amount") + ", more than `limits.memory` (" +
         rounded_size(limit) +
         "): when they do, the sessions that hold most are closed with reason `memory`\n";
}

std::string warn_of_machine(const std::optional<ProcessMemory>& most, const MachineMemory& memory) {
  if (most && most->total <= memory.bytes) return {};
  const bool is_cgroup = memory.owner == MachineMemory::Owner::cgroup;
  return "warning: the sessions can come to hold " +
         (most ? rounded_size(most->total) : "any amount") + ", more than the memory of this " +
         (is_cgroup ? "cgroup" : "machine") + " (" + rounded_size(memory.bytes) + "): " +
         (most ? "lower `limits.connections`, the queues or `limits.memory`"
               : "set `limits.connections`") +
         '\n';
}

std::string print_admin(const Admin& admin) {
  if (!admin.listen) return {};
  std::string text = "admin: " + to_string(*admin.listen) + '\n';
  if (is_local(*admin.listen)) return text;
  return text +
         "warning: whoever reaches `admin.listen` sees every client and can end its connection: "
         "write a loopback address or a unix path, or see to it that a firewall lets only "
         "monitoring through\n";
}

}  // namespace

std::string print(const Config& config, std::string_view file,
                  std::optional<MachineMemory> machine_memory) {
  std::string text;
  for (const Route& route : config.routes) text += print_route(route, config.limits);
  const auto most = worst_case(config);
  text += "all routes: " +
          (most ? "at most " + in_sessions(most->total, most->sessions) : std::string(no_bound)) +
          '\n';
  text += warn_of_limit(most, config.limits.memory);
  text += print_admin(config.admin);
  if (machine_memory) text += warn_of_machine(most, *machine_memory);
  for (const ExposedKey& key : exposed_keys(config)) text += "warning: " + words_for(key) + '\n';
  return text + std::string(file) + ": ok\n";
}

}  // namespace spillway::config
