#!/usr/bin/env python3
"""The admin address: health, readiness, metrics that Prometheus' own tool finds no fault with,
status, connections and the end of one, a page that needs nothing from elsewhere."""

import os
import re
import signal
import subprocess
import unittest

from harness import (PATIENCE, HeldThread, Lines, PlainPeer, Source, SpillwayTest, end_of_stream,
                     receive_exactly, wait_until)

HEAD = """\
threads: 2
log: {{level: info, format: json, target: stderr}}
admin: {{listen: "{admin}"}}
"""

ROUTES = """
- name: feed
  listen: 127.0.0.1:0
  tls: {tls}
  upstream: {{servers: "{upstream}"}}
  framing: line
  limits: {{connections: 2}}
  overflow: {{to_client: {{policy: drop_oldest, queue: 64KiB, slow_after: 200ms}}}}
- name: echo
  listen: 127.0.0.1:0
  echo: true
"""


class AdminTest(SpillwayTest):
    def start_watched(self, admin: str = "127.0.0.1:0") -> None:
        self.listener, upstream = self.listen()
        self.daemon = self.start_daemon(
            ROUTES.format(tls=self.identity.config, upstream=upstream),
            head=HEAD.format(admin=admin))
        self.admin = self.daemon.admin()
        self.addCleanup(self.admin.close)

    def open_echo(self):
        client = self.connect(self.daemon.address("echo"))
        client.sendall(b"hello")
        self.assertEqual(receive_exactly(client, 5), b"hello")
        return client

    def open_feed(self):
        client = self.connect_tls(self.daemon.address("feed"))
        return client, PlainPeer(self.accept(self.listener))

    def assert_turned_away(self) -> None:
        try:
            refused = self.connect(self.daemon.address("feed"))
        except ConnectionResetError:
            return
        self.assertEqual(end_of_stream(refused), "reset")

    def metric(self, name: str, **labels: str) -> float:
        for line in self.admin.ask("/metrics").text.splitlines():
            found = re.fullmatch(rf"{name}(?:\{{(.*)\}})? (\S+)", line)
            if found and labels.items() <= dict(
                    re.findall(r'(\w+)="([^"]*)"', found[1] or "")).items():
                return float(found[2])
        raise AssertionError(f"no metric {name} {labels}")


class Probes(AdminTest):
    def test_healthy_and_ready_until_it_drains(self):
        self.start_watched()
        self.assertEqual(self.admin.ask("/healthz").text, "ok\n")
        self.assertEqual(self.admin.ask("/readyz").text, "ready\n")
        held = self.open_echo()
        self.daemon.signal(signal.SIGTERM)
        self.daemon.wait_for_event("draining")
        answer = wait_until("the drain to show", lambda: (
            found if (found := self.admin.ask("/readyz")).status == 503 else None))
        self.assertEqual(answer.text, "draining\n")
        self.assertEqual(self.admin.ask("/healthz").status, 200)
        self.assertEqual(self.admin.status()["state"], "draining")
        self.assertEqual(self.metric("spillway_ready"), 0)
        held.close()
        self.assertEqual(self.daemon.exit_code(), 0)

    def test_a_loop_that_is_stuck_is_named_and_keeps_nobody_waiting(self):
        self.start_watched()
        daemon = self.daemon.pid
        stuck = []
        for thread in map(int, os.listdir(f"/proc/{daemon}/task")):
            if thread == daemon:
                continue  # it is the one that answers
            with HeldThread(thread):
                answer = self.admin.ask("/healthz")
                if answer.status == 200:
                    continue  # that of the log, for which nobody waits
                self.assertEqual(answer.status, 503)
                stuck.append(answer.text)
                for path in ("/readyz", "/metrics", "/status", "/connections"):
                    self.assertEqual(self.admin.ask(path), answer)
            wait_until("the loop to be well", lambda: self.admin.ask("/healthz").status == 200)
        self.assertEqual(sorted(stuck), ["event loop 0 does not answer\n",
                                         "event loop 1 does not answer\n"])

    def test_on_a_unix_socket_that_goes_with_the_daemon(self):
        self.start_watched(admin="unix:admin.sock")
        self.assertEqual(self.admin.address, self.folder / "admin.sock")
        self.assertEqual(self.admin.ask("/readyz").status, 200)
        text = self.run_program("curl", "--silent", "--fail", "--unix-socket", self.admin.address,
                                "http://localhost/healthz")
        self.assertEqual(text, "ok\n")
        self.admin.close()
        self.assertEqual(self.daemon.stop(), 0)
        self.assertFalse(self.admin.address.exists())

    def test_an_address_that_others_reach_gets_a_warning(self):
        self.start_watched(admin="0.0.0.0:0")
        line = self.daemon.wait_for_event("admin_exposed")
        self.assertEqual(line["level"], "warning")

    def test_no_address_unless_configured(self):
        daemon = self.start_daemon("- {name: echo, listen: \"127.0.0.1:0\", echo: true}\n")
        daemon.address("echo")
        self.assertEqual(daemon.stop(), 0)
        self.assertEqual(daemon.events("admin_listening"), [])

    def test_an_address_that_is_taken_stops_the_start(self):
        self.start_watched()
        port = self.admin.address[1]
        second = self.start_daemon("- {name: echo, listen: \"127.0.0.1:0\", echo: true}\n",
                                   head=HEAD.format(admin=f"127.0.0.1:{port}"))
        self.assertEqual(second.exit_code(), 1)
        self.assertIn(f"admin: cannot listen on 127.0.0.1:{port}: Address already in use",
                      second.errors.to_end().decode())


class Metrics(AdminTest):
    def check(self) -> None:
        answer = self.admin.ask("/metrics")
        self.assertEqual(answer.headers["Content-Type"],
                         "text/plain; version=0.0.4; charset=utf-8")
        done = subprocess.run([self.tool("promtool"), "check", "metrics"], input=answer.text,
                              capture_output=True, text=True, timeout=PATIENCE, check=False)
        self.assertEqual((done.returncode, done.stdout, done.stderr), (0, "", ""))
        for line in answer.text.splitlines():
            if name := re.match(r"# TYPE (\S+)", line):
                self.assertRegex(name[1], r"^(spillway|process)_")

    def test_promtool_finds_no_fault(self):
        self.start_watched()
        self.check()
        self.open_echo()
        self.check()

    def test_count_what_happened(self):
        self.start_watched()
        for _ in range(2):
            client, server = self.open_feed()
            server.send(b"down\n")
            self.assertEqual(client.receive_exactly(5), b"down\n")
        self.assert_turned_away()

        feed = {"route": "feed", "direction": "to_client"}
        self.assertEqual(self.metric("spillway_sent_bytes_total", **feed), 10)
        self.assertEqual(self.metric("spillway_send_latency_seconds_count", **feed), 2)
        self.assertEqual(self.metric("spillway_send_latency_seconds_bucket", le="+Inf", **feed), 2)
        self.assertGreater(self.metric("spillway_send_latency_seconds_sum", **feed), 0)
        self.assertEqual(self.metric("spillway_connections", route="feed"), 2)
        self.assertEqual(self.metric("spillway_connections_refused_total", route="feed",
                                     limit="route"), 1)
        self.assertEqual(self.metric("spillway_route_connection_limit", route="feed"), 2)
        done = {"route": "feed", "result": "ok", "version": "TLSv1.3"}
        self.assertEqual(self.metric("spillway_tls_handshakes_total", resumed="false", **done), 2)
        self.assertGreater(self.metric("process_open_fds"), 10)
        self.assertGreaterEqual(self.metric("process_threads"), 4)

    def test_tell_until_when_certificates_are_valid(self):
        self.start_watched()
        end = self.run_program("openssl", "x509", "-in", self.identity.certificate, "-noout",
                               "-enddate", "-dateopt", "iso_8601")
        told = self.metric("spillway_tls_certificate_not_after_timestamp_seconds", route="feed",
                           certificate="1", subject="CN=localhost")
        stamp = self.run_program("date", "-u", "-d", end.strip().removeprefix("notAfter="), "+%s")
        self.assertEqual(told, float(stamp))
        self.assertEqual(self.admin.route("feed")["certificates"],
                         [{"subject": "CN=localhost", "not_after": int(stamp)}])

    def test_count_handshakes_that_fail(self):
        self.start_watched()
        self.connect(self.daemon.address("feed")).sendall(b"GET / HTTP/1.0\r\n\r\n")
        self.daemon.wait_for_event("handshake_failed")
        self.connect(self.daemon.address("feed")).close()
        self.daemon.wait_for_events(2, "connection_closed")
        for result in ("failed", "unheard"):
            self.assertEqual(self.metric("spillway_tls_handshakes_total", route="feed",
                                         result=result), 1)


class Connections(AdminTest):
    def test_status_tells_of_each_route(self):
        self.start_watched()
        self.open_echo()
        status = self.admin.status()
        self.assertEqual((status["state"], status["event_loops"], status["connections"]),
                         ("ready", 2, 1))
        self.assertEqual([route["name"] for route in status["routes"]], ["echo", "feed"])
        feed = self.admin.route("feed")
        host, port = self.daemon.address("feed")
        self.assertEqual(feed["listen"], [f"{host}:{port}"])
        self.assertEqual([flow["policy"] for flow in feed["directions"]], ["drop_oldest", "pause"])
        echo = self.admin.route("echo")
        self.assertEqual((echo["connections"], echo["echo"], echo["tls"]), (1, True, False))
        self.assertEqual(echo["directions"][0]["bytes_out"], 5)

    def test_the_one_that_suffers_comes_first_and_can_be_ended(self):
        self.start_watched()
        self.open_echo()
        client, server = self.open_feed()
        source = Source(server, Lines)
        worst = wait_until("a slow connection", lambda: self.admin.connections("?slow=true"))[0]
        self.assertEqual(self.admin.connections()[0]["conn"], worst["conn"])
        self.assertEqual((worst["route"], worst["phase"], worst["tls_version"]),
                         ("feed", "data", "TLSv1.3"))
        self.assertTrue(worst["to_client"]["slow"])
        self.assertGreater(worst["queued_bytes"], 0)
        self.assertGreaterEqual(worst["throttled_seconds"], 0.2)
        self.assertEqual(len(self.admin.connections("?route=echo")), 1)
        self.assertEqual(self.admin.ask("/connections?limit=1").json()["matching"], 2)

        path = f"/connections/{worst['conn']}"
        self.assertEqual(self.admin.ask(path).status, 405)
        self.assertEqual(self.admin.ask(path, "DELETE").status, 200)
        closed = self.daemon.wait_for_event("connection_closed", conn=worst["conn"])
        self.assertEqual((closed["end_code"], closed["end_by"], closed["end_reason"]),
                         ("KD", "admin", "admin"))
        self.assertEqual(self.admin.ask(path, "DELETE").status, 404)
        source.stop()
        client.close()

    def test_web_pages_of_others_end_none(self):
        self.start_watched()
        client = self.open_echo()
        path = f"/connections/{self.admin.connections()[0]['conn']}"
        for headers in ({"Origin": "http://evil.example"}, {"Host": "rebound.example"}):
            self.assertEqual(self.admin.ask(path, "DELETE", headers).status, 403)
        client.sendall(b"still")
        self.assertEqual(receive_exactly(client, 5), b"still")

    def test_the_page_loads_what_it_names_and_nothing_else(self):
        self.start_watched()
        page = self.admin.ask("/")
        self.assertIn("text/html", page.headers["Content-Type"])
        self.assertTrue(page.headers["Content-Security-Policy"].startswith("default-src 'none'"))
        named = re.findall(r'(?:src|href)="([^"]+)"', page.text)
        self.assertEqual(sorted(named), ["page.css", "page.js"])
        for name in named:
            self.assertEqual(self.admin.ask("/" + name).status, 200)
        script = self.folder / "page.js"
        script.write_text(self.admin.ask("/page.js").text)
        self.run_program(self.tool("node"), "--check", script)


if __name__ == "__main__":
    unittest.main()
