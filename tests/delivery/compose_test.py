"""docker/compose.yaml: redis behind TLS, from the files and by the commands that it names."""

import re
import shutil
import ssl
import subprocess
from pathlib import Path
from typing import List

from container_case import ContainerTest
from engine import Container
from root import REPOSITORY

from harness import PATIENCE, wait_until
from harness.sockets import connect

ADDRESS = ("127.0.0.1", 6380)


class ComposeTest(ContainerTest):
    def setUp(self):
        super().setUp()
        # What is made there does not belong into the tree.
        self.docker = self.folder / "docker"
        shutil.copytree(REPOSITORY / "docker", self.docker,
                        ignore=shutil.ignore_patterns("certificates"))
        self.make_certificates()

    def test_redis_is_reached_through_tls_and_not_otherwise(self):
        spillway, redis = self.up()
        self.assertEqual(self.redis_cli("set", "answer", "42"), "OK")
        self.assertEqual(self.redis_cli("get", "answer"), "42")
        self.assertEqual(self.redis_cli("incr", "answer"), "43")
        self.assertEqual(redis.facts["HostConfig"]["PortBindings"], {})
        self.assertEqual(spillway.check_health(), 0)

        with connect(ADDRESS) as plain:
            plain.sendall(b"PING\r\n")
            self.assertNotIn(b"PONG", plain.recv(100))

    def test_both_have_only_the_rights_they_need(self):
        for container in self.up():
            with self.subTest(container.name):
                facts = container.facts
                self.assertTrue(facts["HostConfig"]["ReadonlyRootfs"])
                self.assertEqual(facts["EffectiveCaps"] or [], [])
                self.assertIn("no-new-privileges", facts["HostConfig"]["SecurityOpt"])
                self.assertNotEqual(self.owner(container), 0)

    def test_slow_clients_cannot_use_up_the_containers_memory(self):
        spillway, _ = self.up()
        checked = spillway.execute("spillway", "check")
        self.assertEqual(checked.returncode, 0, checked.stderr)
        self.assertNotIn("warning", checked.stdout + checked.stderr)

    def test_renewed_certificates_are_taken_over_without_a_restart(self):
        self.up()
        self.redis_cli("ping")
        before = self.served_certificate()
        self.make_certificates("other.example")
        wait_until("the new certificate", lambda: self.served_certificate() != before)
        self.assertEqual(self.redis_cli("ping"), "PONG")

    def test_stopping_gives_clients_the_time_to_finish(self):
        spillway, _ = self.up()
        with self.connect_redis() as client:
            client.sendall(b"PING\r\n")
            self.assertEqual(client.recv(100), b"+PONG\r\n")
            # This program does not know `stop_grace_period`: it is told.
            stopping = self.start_compose("stop", "-t", str(self.grace()))
            self.await_log(spillway, "draining")
            client.sendall(b"PING\r\n")
            self.assertEqual(client.recv(100), b"+PONG\r\n")
        self.assertEqual(spillway.exit_code, 0)
        self.assertEqual(stopping.wait(PATIENCE), 0)

    def test_the_grace_period_is_longer_than_the_drain(self):
        config = (self.docker / "compose/spillway.yaml").read_text(encoding="utf-8")
        drain = int(re.search(r"^shutdown: \{drain_timeout: (\d+)s\}$", config, re.MULTILINE)[1])
        self.assertGreater(self.grace(), drain)

    def grace(self) -> int:
        compose = (self.docker / "compose.yaml").read_text(encoding="utf-8")
        return int(re.search(r"^ +stop_grace_period: (\d+)s\b", compose, re.MULTILINE)[1])

    def up(self) -> List[Container]:
        self.addCleanup(self.compose, "down")
        self.compose("up", "-d", "--no-build")
        containers = [self.container_of(service) for service in ("spillway", "redis")]
        wait_until("redis behind TLS", lambda: self.attempt_redis_cli("ping").stdout == "PONG\n")
        return containers

    def start_compose(self, *words: str) -> subprocess.Popen:
        command = ["podman-compose", "-f", str(self.docker / "compose.yaml"), *words]
        with open(self.folder / "compose.log", "ab") as log:
            process = subprocess.Popen(command, env=self.engine.environment,
                                       stdin=subprocess.DEVNULL, stdout=log, stderr=log)
        self.addCleanup(process.kill)
        return process

    def compose(self, *words: str) -> None:
        code = self.start_compose(*words).wait(3 * PATIENCE)
        self.assertEqual(code, 0, (self.folder / "compose.log").read_text(encoding="utf-8"))

    def container_of(self, service: str) -> Container:
        name = self.engine.run("ps", "-a", "--filter", f"label=com.docker.compose.service={service}",
                               "--format", "{{.Names}}")
        return Container(self.engine, name)

    def make_certificates(self, *names: str) -> None:
        subprocess.run([self.docker / "make-certificates", *names], stdin=subprocess.DEVNULL,
                       stdout=subprocess.DEVNULL, timeout=PATIENCE, check=True)

    def attempt_redis_cli(self, *words: str) -> subprocess.CompletedProcess:
        return subprocess.run(["redis-cli", "--tls", "--cacert",
                               str(self.docker / "certificates/ca.crt"), "-p", str(ADDRESS[1]),
                               *words], stdin=subprocess.DEVNULL, capture_output=True, text=True,
                              timeout=PATIENCE, check=False)

    def redis_cli(self, *words: str) -> str:
        done = self.attempt_redis_cli(*words)
        self.assertEqual(done.returncode, 0, done.stderr)
        return done.stdout.rstrip("\n")

    def connect_redis(self) -> ssl.SSLSocket:
        context = ssl.create_default_context(cafile=str(self.docker / "certificates/ca.crt"))
        return context.wrap_socket(connect(ADDRESS), server_hostname="localhost")

    def served_certificate(self) -> bytes:
        with self.connect_redis() as client:
            return client.getpeercert(binary_form=True)

    @staticmethod
    def owner(container: Container) -> int:
        status = Path(f"/proc/{container.process}/status").read_text(encoding="ascii")
        return int(re.search(r"^Uid:\t(\d+)", status, re.MULTILINE)[1])
