#!/usr/bin/env python3
"""redis-benchmark speaks TLS to a route in front of a plain redis: pipelined, many clients."""

import unittest

from harness import SpillwayTest, wait_until

ROUTES = """
- name: redis
  listen: 127.0.0.1:0
  tls: {tls}
  upstream: {{servers: "unix:{socket}"}}
"""

REQUESTS = 20000


class RedisThroughTls(SpillwayTest):
    def setUp(self):
        super().setUp()
        self.socket = self.folder / "redis.sock"
        self.start(self.tool("redis-server"), "--port", 0, "--unixsocket", self.socket,
                   "--dir", self.folder, "--save", "", "--appendonly", "no")
        wait_until("redis' socket", self.socket.exists)
        self.daemon = self.start_daemon(
            ROUTES.format(tls=self.identity.config, socket=self.socket))
        host, port = self.daemon.address("redis")
        self.there = ["-h", host, "-p", port, "--tls", "--sni", "localhost",
                      "--cacert", self.identity.certificate]

    def test_every_request_is_answered(self):
        said = self.run_program("redis-benchmark", *self.there, "-q", "-n", REQUESTS, "-c", 20,
                                "-P", 8, "-t", "set,get")
        self.assertNotIn("rror", said)
        statistics = self.run_program("redis-cli", "-s", self.socket, "info", "commandstats")
        for command in ("set", "get"):
            self.assertRegex(statistics, rf"cmdstat_{command}:calls={REQUESTS},")

    def test_a_value_comes_back_as_it_went(self):
        value = "".join(chr(33 + i % 90) for i in range(100_000))
        self.assertEqual(self.run_program("redis-cli", *self.there, "set", "key", value), "OK\n")
        self.assertEqual(self.run_program("redis-cli", *self.there, "get", "key"), value + "\n")


if __name__ == "__main__":
    unittest.main()
