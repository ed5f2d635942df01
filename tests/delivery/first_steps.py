"""What README.md and the installed configuration tell who has the package to type, word for word."""

import re
import ssl
from typing import List

from installed import CONFIGURATION
from machine import Machine
from root import REPOSITORY

# The editor waits for a person; what that one changes is for the test to say.
EDIT = "sudoedit /etc/spillway/spillway.yaml"


def install_commands() -> List[str]:
    """Those below "Install", without the remarks behind them, and without the one that edits."""
    text = (REPOSITORY / "README.md").read_text(encoding="utf-8")
    block = re.search(r"\n## Install\n\n((?:    .*\n)+)", text)[1]
    typed = [command.strip() for line in block.splitlines()
             for command in line.partition("  # ")[0].split(" && ")]
    assert EDIT in typed, typed
    return [command for command in typed if command != EDIT]


def make_certificate(machine: Machine) -> None:
    """By all commands at the beginning of the configuration, but for those of spillway itself."""
    head = machine.run("sed", "/^$/q", CONFIGURATION)
    commands = re.findall(r"^#   ((?:.*\\\n#)*.*)\n", head, re.MULTILINE)
    commands = [command.replace("\\\n#", "") for command in commands
                if not command.startswith("spillway ")]
    assert commands, head
    machine.run("sh", "-euc", "\n".join(["cd /etc/spillway", *commands]))


def relay(machine: Machine, words: bytes) -> bytes:
    """What becomes of them on the way there and back, through the route of the configuration as it is
    installed: a client that verifies the certificate, a server on port 7000."""
    trusting = ssl.create_default_context(cadata=machine.run("cat", "/etc/spillway/server.crt"))
    with machine.listen(7000) as listener, machine.connect("127.0.0.1", 7443) as plain, \
            trusting.wrap_socket(plain, server_hostname="localhost") as client:
        client.sendall(words)
        server, _ = listener.accept()
        with server:
            server.settimeout(client.gettimeout())
            server.sendall(server.recv(len(words)).upper())
            return client.recv(len(words))
