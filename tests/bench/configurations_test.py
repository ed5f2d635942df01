#!/usr/bin/env python3
"""Templates become configurations; spillway's are such as the daemon takes."""

import os
import subprocess
import tempfile
import unittest
from pathlib import Path

import certificates
import peer
import template


class TemplateTest(unittest.TestCase):
    TEXT = ("threads $threads\n# --- for each listener\nlisten $number $port\n"
            "# --- end\nend $$threads\n")

    def test_values_are_filled_in_and_the_part_is_repeated(self):
        self.assertEqual(template.render(self.TEXT, {"threads": 2}, [7001, 7002]),
                         "threads 2\nlisten 1 7001\nlisten 2 7002\nend $threads\n")

    def test_the_part_may_reach_to_the_end(self):
        self.assertEqual(template.render("a\n# --- for each listener\n$port\n", {}, [1, 2]),
                         "a\n1\n2\n")

    def test_a_name_without_a_value_is_told(self):
        with self.assertRaisesRegex(RuntimeError, r"\$threads, .* there are other"):
            template.render(self.TEXT, {"other": 2}, [7001])


class ConfigurationsTest(unittest.TestCase):
    def setUp(self):
        folder = tempfile.TemporaryDirectory(prefix="spillway-")
        self.addCleanup(folder.cleanup)
        self.folder = Path(folder.name)

    def service(self, ports: list, kind: str = "ecdsa", is_bulk: bool = False) -> peer.Service:
        return peer.Service(ports, 7000, certificates.make_certificate(kind, self.folder), 1, is_bulk,
                            self.folder)

    def configuration(self, proxy: peer.Peer, service: peer.Service) -> str:
        proxy.start_command(service)
        return (self.folder / f"{proxy.name}.conf").read_text()

    def test_every_proxy_has_each_listener_once_and_the_backend(self):
        for proxy in peer.other_proxies() + peer.spillway("spillway", Path("spillway")):
            with self.subTest(proxy.name):
                text = self.configuration(proxy, self.service([7443, 7444, 7445]))
                for port in ("7443", "7444", "7445"):
                    self.assertEqual(text.count(port), 1, text)
                self.assertIn("7000", text)
                self.assertNotIn("---", text)
                self.assertNotIn("$", text)

    def test_bulk_has_buffers_of_its_own_unless_they_are_given(self):
        nginx = next(each for each in peer.other_proxies() if each.name == "nginx")
        for proxy, is_bulk, size in ((nginx, False, "64k"), (nginx, True, "1m"),
                                     (nginx.with_setting("buffer", "7k"), False, "7k"),
                                     (nginx.with_setting("buffer", "7k"), True, "7k")):
            text = self.configuration(proxy, self.service([7443], is_bulk=is_bulk))
            self.assertIn(f"proxy_buffer_size {size};", text)

    def test_the_daemon_takes_what_is_written_for_it(self):
        for kind in certificates.KINDS:
            service = self.service([7443, 7444], kind)
            for proxy in peer.spillway("spillway", Path(os.environ["SPILLWAY_DAEMON"])):
                with self.subTest(f"{proxy.name}, {kind}"):
                    self.configuration(proxy, service)
                    done = subprocess.run(
                        [proxy.program, "check", "-c", self.folder / f"{proxy.name}.conf"],
                        stdin=subprocess.DEVNULL, capture_output=True, text=True, timeout=60,
                        check=False)
                    self.assertEqual(done.returncode, 0, done.stdout + done.stderr)

    def test_the_yardstick_needs_no_file(self):
        command = peer.yardstick(Path("bench_yardstick")).start_command(self.service([7443]))
        self.assertEqual(command[:5], ["bench_yardstick", "--listen", "127.0.0.1:7443",
                                       "--upstream", "127.0.0.1:7000"])
        self.assertFalse((self.folder / "yardstick.conf").exists())


if __name__ == "__main__":
    unittest.main()
