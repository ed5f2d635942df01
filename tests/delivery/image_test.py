#!/usr/bin/env python3
"""The image, built and run: what it serves and says, what it may do, how it ends.

Everything is apart from this machine: images and containers in a folder that is gone afterwards
(SPILLWAY_IMAGES=FOLDER keeps them there, so that the next run builds only what has changed), network,
mounts and processes in namespaces that end with the test.
"""

import os
import re
import signal
import socket
import subprocess
import sys
from pathlib import Path

from apart import run_apart
from compose_test import ComposeTest
from container_case import HARDENED, ContainerTest
from images import BASE, SPILLWAY
from report import main

from harness import PATIENCE, Output, wait_until

assert ComposeTest  # run along with what is here

NOT_NEEDED = ("cmake", "curl", "g++", "gcc", "ninja", "openssl", "python3", "wget")


class TheImage(ContainerTest):
    def setUp(self):
        super().setUp()
        self.facts = self.engine.inspect("image", SPILLWAY)

    def test_it_says_how_it_is_to_be_run(self):
        config = self.facts["Config"]
        self.assertRegex(config["User"], r"^[1-9]\d*:[1-9]\d*$")  # an orchestrator can tell: not root
        self.assertEqual(config["Entrypoint"], ["/usr/bin/spillway"])
        self.assertEqual(config["Cmd"], ["run", "-c", "/etc/spillway/spillway.yaml"])
        self.assertEqual(config["StopSignal"], "SIGTERM")
        self.assertEqual(self.facts["Healthcheck"]["Test"][:3], ["CMD", "/usr/bin/spillway", "status"])

    def test_its_labels_are_those_of_what_is_in_it(self):
        labels = self.facts["Labels"]
        said = self.engine.run("run", "--rm", "--network=none", SPILLWAY, "--version")
        self.assertEqual(labels["org.opencontainers.image.version"],
                         re.search(r"\bspillway (\S+)", said)[1])
        self.assertEqual(labels["org.opencontainers.image.licenses"], "Apache-2.0")

    def test_it_has_what_the_binary_needs_and_no_tools(self):
        base = self.engine.inspect("image", BASE)
        own = self.facts["Size"] - base["Size"]
        print(f"\nThe image has {self.facts['Size'] / 1e6:.1f} MB, {own / 1e6:.1f} MB of them its own.")
        self.assertLess(own, 30e6)
        looked_for = " ".join(NOT_NEEDED)
        found = self.in_shell(f"for tool in {looked_for}; do command -v $tool; done; dpkg-query -W")
        self.assertNotRegex(found, r"(?m)^/|-dev\b")
        self.assertIn("libssl3", found)

    def test_its_trust_is_the_distributions(self):
        count = self.in_shell("grep -c 'BEGIN CERTIFICATE' \"$SSL_CERT_FILE\"")
        self.assertGreater(int(count), 50)

    def in_shell(self, script: str) -> str:
        return self.engine.run("run", "--rm", "--network=none", "--entrypoint=/bin/sh", SPILLWAY,
                               "-c", script)


class WithoutAConfiguration(ContainerTest):
    def test_it_echoes_over_tls_and_is_well(self):
        container = self.start()
        self.assert_echoes(self.connect_tls(container.address(8443)))
        self.assertEqual(container.check_health(), 0)
        self.assertEqual(container.health, "healthy")

        status = container.execute("spillway", "status")
        self.assertEqual(status.returncode, 0, status.stderr)
        self.assertIn("echo", status.stdout)

    def test_openssl_s_client_gets_its_line_back(self):
        host, port = self.start().address(8443)
        with subprocess.Popen(["openssl", "s_client", "-quiet", "-connect", f"{host}:{port}"],
                              stdin=subprocess.PIPE, stdout=subprocess.PIPE,
                              stderr=subprocess.DEVNULL) as client:
            output = Output(client.stdout)
            try:
                client.stdin.write(b"hello\n")
                client.stdin.flush()
                output.wait_for("line", lambda data: b"\n" in data)
            finally:
                client.kill()
            self.assertEqual(output.to_end(), b"hello\n")

    def test_it_has_no_rights_and_nowhere_to_write(self):
        container = self.start()
        process = Path(f"/proc/{container.process}")
        status = dict(line.split(":\t", 1) for line in (process / "status").read_text().splitlines()
                      if ":\t" in line)
        self.assertEqual(set(status["Uid"].split()), {"65532"})
        self.assertEqual(set(status["Gid"].split()), {"65532"})
        for kind in ("CapInh", "CapPrm", "CapEff", "CapBnd", "CapAmb"):
            self.assertEqual(int(status[kind], 16), 0, kind)
        self.assertEqual(status["NoNewPrivs"], "1")
        self.assertEqual(status["Seccomp"], "2")

        for folder in ("/", "/etc/spillway", "/run", "/tmp"):
            touched = container.execute("touch", f"{folder}/here")
            self.assertIn("Read-only file system", touched.stderr)
        self.assertEqual(container.facts["HostConfig"]["PidsLimit"], 64)

    def test_event_loops_are_as_many_as_cpus_it_may_use(self):
        machine = len(os.sched_getaffinity(0))
        unlimited = self.threads()
        for cpus, loops in (("0.5", 1), ("1", 1), ("1.5", 2)):
            with self.subTest(cpus):
                self.assertEqual(self.threads(f"--cpus={cpus}"),
                                 unlimited - machine + min(loops, machine))
        self.assertEqual(self.threads("--cpuset-cpus=0"), unlimited - machine + 1)

    def test_its_configuration_fits_into_a_small_container(self):
        said = self.engine.run("run", "--rm", "--network=none", *HARDENED, SPILLWAY, "check")
        self.assertTrue(said.endswith("/etc/spillway/spillway.yaml: ok"), said)
        self.assertNotIn("warning", said)

    def test_check_knows_how_much_memory_the_container_has(self):
        self.write_config(self.ECHO)
        said = self.engine.run("run", "--rm", "--network=none", *HARDENED,
                               "-v", f"{self.config_folder}:/etc/spillway:ro", SPILLWAY, "check")
        self.assertIn("more than the memory of this cgroup (64MiB)", said)

    def threads(self, *options: str) -> int:
        container = self.start(*options)
        count = len(list(Path(f"/proc/{container.process}/task").iterdir()))
        container.remove()
        return count


class Health(ContainerTest):
    def test_a_daemon_that_does_not_answer_is_unhealthy_until_it_does(self):
        container = self.start()
        self.assertEqual(container.check_health(), 0)
        os.kill(container.process, signal.SIGSTOP)
        self.await_unhealthy(container)
        os.kill(container.process, signal.SIGCONT)
        wait_until("health", lambda: container.check_health() == 0)
        self.assertEqual(container.health, "healthy")

    def test_without_an_admin_address_nobody_can_say_that_it_is_well(self):
        container = self.start(config=self.ECHO)
        self.assertNotEqual(container.check_health(), 0)
        self.await_unhealthy(container)

    def test_a_configuration_with_faults_ends_it_and_says_where(self):
        container = self.start(config="routes: [{name: echo, lisen: 1}]\n", is_served=False)
        self.assertEqual(container.exit_code, 1)
        self.assertRegex(container.log(), r"/etc/spillway/spillway\.yaml:1:\d+: .*`lisen`")


class Reload(ContainerTest):
    def test_hup_takes_over_what_has_changed_and_keeps_what_is_open(self):
        container = self.start("-p", "127.0.0.1::8444", config=self.ADMIN + self.ECHO)
        before = self.connect_tls(container.address(8443))
        self.assert_echoes(before)

        self.write_config(self.ADMIN + self.ECHO + self.ECHO_TOO)
        container.signal("HUP")
        self.await_log(container, "route=echo-too")
        self.assert_echoes(self.connect_tls(container.address(8444)))
        self.assert_echoes(before)

    def test_a_bad_one_is_refused_and_nothing_changes(self):
        container = self.start(config=self.ADMIN + self.ECHO)
        before = self.connect_tls(container.address(8443))
        self.write_config(self.ADMIN + self.ECHO.replace("echo: true", "ecko: true"))
        container.signal("HUP")
        wait_until("the fault", lambda: "`ecko`" in container.log())
        self.assert_echoes(before)
        self.assert_echoes(self.connect_tls(container.address(8443)))
        self.assertEqual(container.check_health(), 0)


class Trust(ContainerTest):
    ROUTES = """\
routes:
  - name: far
    listen: 127.0.0.1:7001
    tls: {certificates: [{cert: localhost.crt, key: localhost.key}]}
    echo: true
  - name: near
    listen: 0.0.0.0:8443
    tls: {self_signed: true}
    upstream: {servers: "127.0.0.1:7001", tls: {server_name: localhost}}
"""

    def test_upstreams_are_verified_by_what_the_image_trusts(self):
        self.make_certificate()
        container = self.start(config=self.ROUTES)
        client = self.connect_tls(container.address(8443))
        wait_until("the refusal", lambda: "upstream_failed" in container.log())
        self.assertIn("self-signed certificate", container.log())
        client.close()

    def test_a_bundle_in_its_place_is_trusted_instead(self):
        certificate = self.make_certificate()
        container = self.start("-v", f"{certificate}:/etc/ssl/certs/ca-certificates.crt:ro",
                               config=self.ROUTES)
        self.assert_echoes(self.connect_tls(container.address(8443)))


class Stop(ContainerTest):
    def test_open_sessions_end_by_themselves_and_it_ends_with_0(self):
        container = self.start(config=self.ADMIN + self.ECHO)
        address = container.address(8443)
        session = self.connect_tls(address)
        self.assert_echoes(session)
        stopping = container.stopping(seconds=50)
        self.addCleanup(stopping.kill)
        self.await_log(container, "draining")

        with self.assertRaises(ConnectionError):
            socket.create_connection(address, timeout=PATIENCE).recv(1)
        self.assert_echoes(session)
        session.end()
        self.assertEqual(session.receive_to_end(), b"")
        self.assertEqual(container.exit_code, 0)
        self.assertEqual(stopping.wait(PATIENCE), 0)

    def test_while_it_drains_it_is_unhealthy_so_that_nobody_sends_new_work(self):
        container = self.start(config=self.ADMIN + self.ECHO)
        session = self.connect_tls(container.address(8443))
        self.assert_echoes(session)
        self.assertEqual(container.check_health(), 0)
        container.signal("TERM")
        self.await_log(container, "draining")
        self.assertEqual(container.execute("spillway", "status").returncode, 3)
        self.await_unhealthy(container)
        self.assert_echoes(session)
        session.end()
        self.assertEqual(session.receive_to_end(), b"")
        self.assertEqual(container.exit_code, 0)

    def test_a_drain_out_of_time_ends_sessions_by_force_and_with_1(self):
        container = self.start(config="shutdown: {drain_timeout: 200ms}\n" + self.ECHO)
        session = self.connect_tls(container.address(8443))
        self.assert_echoes(session)
        self.assertEqual(container.stop(50), 1)
        self.assertEqual(session.end_of_stream(), "reset")

    def test_the_images_own_drain_fits_into_dockers_ten_seconds(self):
        container = self.start()
        session = self.connect_tls(container.address(8443))
        self.assert_echoes(session)
        self.assertEqual(container.stop(10), 1)

    def test_a_container_that_gets_less_time_than_the_drain_is_killed(self):
        container = self.start(config="shutdown: {drain_timeout: 1m}\n" + self.ECHO)
        session = self.connect_tls(container.address(8443))
        self.assert_echoes(session)
        self.assertEqual(container.stop(1), 128 + signal.SIGKILL)

    def test_without_sessions_it_ends_at_once(self):
        self.assertEqual(self.start().stop(50), 0)


if __name__ == "__main__":
    if "SPILLWAY_ENGINE" in os.environ:
        main()
    sys.exit(run_apart(Path(__file__).resolve(), *sys.argv[1:]))
