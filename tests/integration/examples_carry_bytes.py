#!/usr/bin/env python3
"""Each file in config/ does what it is an example of: it passes `spillway check`, a TLS client's
lines reach a real server through it and come back, and everything ends cleanly."""

import os
import re
import shlex
import shutil
import signal
import socket
import subprocess
import unittest
from pathlib import Path
from typing import Dict, List, Tuple, Union

from harness import PATIENCE, Lines, PlainPeer, Program, SpillwayTest, TlsPeer
from harness.daemon import binary

CONFIG = Path(__file__).parents[2] / "config"
EXAMPLES = {file.name: file for file in CONFIG.rglob("*.yaml")}

Peer = Union[PlainPeer, TlsPeer]


def refusing_address() -> str:
    """An address that was free a moment ago, and where nobody listens."""
    with socket.create_server(("127.0.0.1", 0)) as listener:
        return f"127.0.0.1:{listener.getsockname()[1]}"


def variables_on_top(text: str) -> Dict[str, str]:
    """Those that the comment on top sets in front of its command."""
    comment = re.match(r"(?:#.*\n)*", text)[0]
    return dict(re.findall(r"(?<!\S)([A-Z_]+)=(\S+)", comment))


class Served(Program):
    """`spillway run`, whose log is as the example wants it."""

    def address(self, route: str) -> Tuple[str, int]:
        line = rf"^.*\blistening\b.*\broute\W+{route}\b.*$"
        found = self.errors.wait_for(f"listening line of {route}",
                                     re.compile(line.encode() + rb"\n", re.MULTILINE).search)
        host, port = re.search(rb'\blisten"?[:=]"?([\d.]+):(\d+)', found[0]).groups()
        return host.decode(), int(port)

    def stop(self) -> int:
        self.signal(signal.SIGTERM)
        return self.exit_code()

    def ends(self) -> List[str]:
        """How its sessions ended. It has to be over."""
        return re.findall(r'\bend_code"?[:=]"?([-\w]+)', self.errors.to_end().decode())


class Example(SpillwayTest):
    def put(self, name: str, *certificates: str) -> Path:
        """The example in the test's folder, and a certificate for localhost under those names."""
        identity = self.identity
        for certificate in certificates:
            shutil.copy(identity.certificate, self.folder / f"{certificate}.crt")
            shutil.copy(identity.key, self.folder / f"{certificate}.key")
        self.trust = identity.client_context()
        return Path(shutil.copy(EXAMPLES[name], self.folder))

    def check(self, file: Path, **variables: str) -> None:
        done = subprocess.run([binary(), "check", "-c", file], env={**os.environ, **variables},
                              stdin=subprocess.DEVNULL, stdout=subprocess.PIPE,
                              stderr=subprocess.STDOUT, text=True, timeout=PATIENCE, check=False)
        self.assertEqual(done.returncode, 0, done.stdout)
        self.assertTrue(done.stdout.endswith(f"{file}: ok\n"), done.stdout)

    def serve(self, file: Path, **variables: str) -> Served:
        """As it stands, but for what its variables say."""
        self.check(file, **variables_on_top(file.read_text()))
        served = Served(binary(), "run", "-c", file, environment={**os.environ, **variables})
        self.addCleanup(served.kill)
        return served

    def serve_at(self, file: Path, server: str) -> Served:
        """A file without variables: only its addresses are others than it says."""
        self.check(file)
        text = file.read_text()
        for key, address in (("listen", "127.0.0.1:0"), ("servers", server)):
            text, count = re.subn(rf"(?m)^([^#\n]*\b{key}: )[\d.]+:\d+", rf"\g<1>{address}", text)
            self.assertEqual(count, 1, f"{key} in {file}")
        file.write_text(text)
        return self.serve(file)

    def assert_relayed(self, client: Peer, server: Peer) -> None:
        for number in range(50):
            for sender, receiver in ((client, server), (server, client)):
                line = Lines.encode(number)
                sender.send(line)
                self.assertEqual(receiver.receive_exactly(len(line)), line)
        client.end()
        self.assertEqual(server.receive_to_end(), b"")
        server.end()
        self.assertEqual(client.receive_to_end(), b"")

    def assert_ends(self, served: Served, sessions: int = 1) -> None:
        self.assertEqual(served.stop(), 0)
        self.assertEqual(served.ends(), ["--"] * sessions)


class Proxies(Example):
    def setUp(self) -> None:
        super().setUp()
        self.listener, self.server_address = self.listen()

    def assert_serves(self, served: Served, route: str) -> None:
        client = self.connect_tls(served.address(route), self.trust)
        self.assert_relayed(client, PlainPeer(self.accept(self.listener)))
        self.assert_ends(served)

    def test_minimal(self):
        file = self.put("minimal.yaml", "feed")
        self.assert_serves(self.serve_at(file, self.server_address), "feed")

    def test_the_one_that_is_installed_with_the_certificate_that_it_tells_to_make(self):
        file = self.put("spillway.yaml")
        comment = file.read_text().replace("\\\n#", "")
        command = re.search(r"^# +(openssl req .*)$", comment, re.MULTILINE)[1]
        subprocess.run(shlex.split(command), cwd=self.folder, stdin=subprocess.DEVNULL,
                       capture_output=True, timeout=PATIENCE, check=True)
        self.trust.load_verify_locations(self.folder / "server.crt")
        self.assert_serves(self.serve_at(file, self.server_address), "server")

    def test_feed(self):
        served = self.serve(self.put("feed.yaml", "feed"), LISTEN="127.0.0.1:0",
                            UPSTREAM=self.server_address)
        self.assert_serves(served, "feed")

    def test_log_collector(self):
        file = self.put("log_collector.yaml", "collector")
        for which, collector, standby in (
                ("collector", self.server_address, refusing_address()),
                ("standby", refusing_address(), self.server_address)):
            with self.subTest(which):
                served = self.serve(file, LISTEN="127.0.0.1:0", COLLECTOR=collector,
                                    STANDBY=standby)
                self.assert_serves(served, "logs")


class Tunnel(Example):
    def test_each_end_takes_its_own_route(self):
        file = self.put("tunnel.yaml", "server")
        shutil.copy(self.folder / "server.crt", self.folder / "ca.pem")
        listener, upstream = self.listen()
        anywhere = {"CLIENT_LISTEN": "127.0.0.1:0", "SERVER_LISTEN": "127.0.0.1:0"}
        server_end = self.serve(file, SERVER_ADDRESS=refusing_address(), UPSTREAM=upstream,
                                **anywhere)
        host, port = server_end.address("server-end")
        client_end = self.serve(file, SERVER_ADDRESS=f"{host}:{port}", UPSTREAM=upstream,
                                **anywhere)

        client = PlainPeer(self.connect(client_end.address("client-end")))
        self.assert_relayed(client, PlainPeer(self.accept(listener)))
        self.assert_ends(client_end)
        self.assert_ends(server_end)

    def test_what_goes_between_its_ends_is_tls(self):
        file = self.put("tunnel.yaml", "server")
        shutil.copy(self.folder / "server.crt", self.folder / "ca.pem")
        server, server_address = self.listen()
        listener, upstream = self.listen()
        served = self.serve(file, CLIENT_LISTEN="127.0.0.1:0", SERVER_LISTEN="127.0.0.1:0",
                            SERVER_ADDRESS=server_address, UPSTREAM=upstream)

        plain = PlainPeer(self.connect(served.address("client-end")))
        far_end = self.accept_tls(server)
        self.assertEqual(far_end.version, "TLSv1.3")
        self.assert_relayed(plain, far_end)
        near_end = self.connect_tls(served.address("server-end"), self.trust)
        self.assertEqual(near_end.version, "TLSv1.3")
        self.assert_relayed(near_end, PlainPeer(self.accept(listener)))
        self.assert_ends(served, sessions=2)


class Echo(Example):
    def test_echo(self):
        served = self.serve(self.put("echo.yaml", "echo"), LISTEN="127.0.0.1:0")
        client = self.connect_tls(served.address("echo"), self.trust)
        for number in range(50):
            line = Lines.encode(number)
            client.send(line)
            self.assertEqual(client.receive_exactly(len(line)), line)
        client.end()
        self.assertEqual(client.receive_to_end(), b"")
        self.assert_ends(served)


class Files(unittest.TestCase):
    def test_each_has_its_test(self):
        tested = set(re.findall(r'put\("([\w.]+)"', Path(__file__).read_text()))
        self.assertEqual(tested, set(EXAMPLES))

    def test_each_sets_the_variables_that_it_takes_in_the_command_on_top(self):
        for name, file in EXAMPLES.items():
            with self.subTest(name):
                text = file.read_text()
                taken = re.findall(r"\$\{(\w+)\}", re.sub(r"#.*", "", text))
                self.assertEqual(sorted(variables_on_top(text)), sorted(taken))

    def test_each_names_the_schema_for_editors(self):
        for name, file in EXAMPLES.items():
            with self.subTest(name):
                schema = re.match(r"# yaml-language-server: \$schema=(\S+)\n", file.read_text())[1]
                self.assertTrue((file.parent / schema).samefile(CONFIG / "spillway.schema.json"))


if __name__ == "__main__":
    unittest.main()
