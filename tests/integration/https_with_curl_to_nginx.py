#!/usr/bin/env python3
"""curl speaks HTTPS to a TLS route, and nginx, behind it, plain HTTP."""

import hashlib
import os
import unittest

from harness import SpillwayTest, wait_until

ROUTES = """
- name: web
  listen: 127.0.0.1:0
  tls: {tls}
  upstream: {{servers: "unix:{socket}"}}
"""

NGINX = """
daemon off;
master_process off;
pid {folder}/nginx.pid;
events {{}}
http {{
  access_log off;
  client_body_temp_path {folder}/body;
  proxy_temp_path {folder}/proxy;
  fastcgi_temp_path {folder}/fastcgi;
  uwsgi_temp_path {folder}/uwsgi;
  scgi_temp_path {folder}/scgi;
  server {{
    listen unix:{folder}/nginx.sock;
    root {folder}/pages;
  }}
}}
"""


class HttpsToNginx(SpillwayTest):
    def setUp(self):
        super().setUp()
        pages = self.folder / "pages"
        pages.mkdir()
        self.large = os.urandom(32 << 20)
        (pages / "large").write_bytes(self.large)
        (pages / "greeting").write_text("hello from nginx\n")
        (self.folder / "nginx.conf").write_text(NGINX.format(folder=self.folder))
        socket = self.folder / "nginx.sock"
        self.start(self.tool("nginx"), "-c", self.folder / "nginx.conf",
                   "-e", self.folder / "nginx.log")
        wait_until("nginx's socket", socket.exists)
        self.daemon = self.start_daemon(ROUTES.format(tls=self.identity.config, socket=socket))
        self.port = self.daemon.address("web")[1]

    def curl(self, *arguments: object) -> str:
        return self.run_program("curl", "--silent", "--show-error", "--fail", "--cacert",
                                self.identity.certificate, *arguments)

    def url(self, page: str) -> str:
        return f"https://localhost:{self.port}/{page}"

    def test_two_requests_share_one_connection(self):
        self.assertEqual(self.curl("--ipv4", self.url("greeting"), self.url("greeting")),
                         "hello from nginx\n" * 2)
        closed = self.daemon.wait_for_event("connection_closed", route="web")
        self.assertIn("nginx.sock", closed["upstream"])
        self.assertEqual(closed["sni"], "localhost")
        self.assertEqual(self.daemon.stop(), 0)
        self.assertEqual(len(self.daemon.events("connection_closed")), 1)

    def test_a_large_page_arrives_unchanged_in_both_tls_versions(self):
        for version in ("1.2", "1.3"):
            with self.subTest(version):
                copy = self.folder / "copy"
                self.curl("--ipv4", f"--tlsv{version}", "--tls-max", version, "--output", copy,
                          self.url("large"))
                self.assertEqual(hashlib.sha256(copy.read_bytes()).digest(),
                                 hashlib.sha256(self.large).digest())

    def test_many_connections_at_once(self):
        self.curl("--ipv4", "--parallel", "--parallel-immediate", "--parallel-max", 50,
                  "--output", self.folder / "copy_#1",
                  self.url("greeting") + "?[1-200]")
        for number in range(1, 201):
            self.assertEqual((self.folder / f"copy_{number}").read_text(), "hello from nginx\n")


if __name__ == "__main__":
    unittest.main()
