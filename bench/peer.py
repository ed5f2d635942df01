"""The proxies that are measured: how each one is configured and started."""

import os
import re
import shutil
import subprocess
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field, replace
from pathlib import Path

import template
from certificates import Certificate

TEMPLATES = Path(__file__).parent / "peers"
BUILT = "./dev bench builds one, in build/release"
DESCRIPTORS = 16_000  # of each proxy that asks for a number of its own


@dataclass(frozen=True)
class Service:
    """What a proxy has to do in one measurement."""
    ports: list[int]
    backend: int  # its port
    certificate: Certificate
    threads: int
    is_bulk: bool
    folder: Path


@dataclass(frozen=True)
class Peer:
    name: str
    program: str
    configuration: str | None  # a template's name, or none if the command line says it all
    command: Callable[[str, Path, Service], list[str]]
    settings: Mapping[str, object] = field(default_factory=dict)
    bulk_settings: Mapping[str, object] = field(default_factory=dict)  # in place of these
    mend: str = ""  # what to do if the program is not there
    # How many processes there are with so many threads.
    processes: Callable[[int], int] = lambda threads: 1
    most_routes: int = 1_000
    has_loops: bool = True  # as opposed to a thread for each connection
    subject: str = ""  # which spillway it is, if it is one: "spillway" for "spillway-lean"

    def start_command(self, service: Service) -> list[str]:
        """Writes the configuration, and says what to run."""
        config = service.folder / f"{self.name}.conf"
        if self.configuration:
            config.write_text(self._render(service), encoding="ascii")
        return self.command(self.program, config, service)

    def with_setting(self, name: str, value: str) -> "Peer":
        changed = {name: value}
        return replace(self, name=f"{self.name}:{name}={value}",
                       settings={**self.settings, **changed},
                       bulk_settings={**self.bulk_settings, **changed})

    def missing(self) -> str | None:
        """What to do about a program that is not there."""
        if shutil.which(self.program):
            return None
        return f"{self.name}: there is no program {self.program}: {self.mend}"

    def version(self) -> str:
        asked = {"haproxy": "-v", "nginx": "-v", "hitch": "--version", "stunnel": "-version"}
        result = subprocess.run([self.program, asked.get(self.name, "--version")],
                                stdin=subprocess.DEVNULL, stdout=subprocess.PIPE,
                                stderr=subprocess.STDOUT, text=True, timeout=30, check=False)
        number = re.search(r"\d+\.\d+(\.\d+)?", result.stdout)
        return number.group() if number and result.returncode == 0 else ""

    def _render(self, service: Service) -> str:
        values = {"backend": service.backend, "threads": service.threads,
                  "folder": service.folder, "descriptors": DESCRIPTORS,
                  "cert": service.certificate.cert, "key": service.certificate.key,
                  "pem": service.certificate.both, **self.settings,
                  **(self.bulk_settings if service.is_bulk else {})}
        text = (TEMPLATES / str(self.configuration)).read_text(encoding="ascii")
        try:
            return template.render(text, values, service.ports)
        except RuntimeError as error:
            raise RuntimeError(f"{TEMPLATES.name}/{self.configuration}: {error}") from None


# The buffers are the best of those that README.md lists.
def other_proxies() -> list[Peer]:
    return [
        Peer("haproxy", _program("haproxy"), "haproxy.cfg",
             lambda program, config, _: [program, "-db", "-f", str(config)],
             settings={"buffer": 65536}, bulk_settings={"buffer": 524288},
             mend=_install("haproxy")),
        Peer("nginx", _program("nginx"), "nginx.conf",
             lambda program, config, _: [program, "-c", str(config), "-e", "stderr"],
             settings={"buffer": "64k"}, bulk_settings={"buffer": "1m"},
             mend=_install("nginx libnginx-mod-stream"), processes=lambda threads: 1 + threads),
        Peer("hitch", _program("hitch"), "hitch.conf",
             lambda program, config, _: [program, "--config", str(config)],
             settings={"user": _hitch_user()}, mend=_install("hitch"),
             processes=lambda threads: 1 + threads),
        Peer("stunnel", _program("stunnel4"), "stunnel.conf",
             lambda program, config, _: [program, str(config)], mend=_install("stunnel4"),
             has_loops=False),
    ]


def yardstick(program: Path) -> Peer:
    return Peer("yardstick", str(program), None, _yardstick_command, mend=BUILT, most_routes=1)


VARIANTS = ("", "-lean", "-full")


def spillway(name: str, program: Path) -> list[Peer]:
    """As it ships, and with less and more to do for each message."""
    return [Peer(name + variant, str(program), f"spillway{variant}.yaml",
                 lambda program, config, _: [program, "run", "-c", str(config)],
                 mend=BUILT, subject=name)
            for variant in VARIANTS]


def _yardstick_command(program: str, _: Path, service: Service) -> list[str]:
    return [program, "--listen", f"127.0.0.1:{service.ports[0]}",
            "--upstream", f"127.0.0.1:{service.backend}", "--cert", str(service.certificate.cert),
            "--key", str(service.certificate.key), "--threads", str(service.threads)]


def _program(name: str) -> str:
    """Servers are kept where only root's PATH leads."""
    return shutil.which(name) or shutil.which(name, path="/usr/sbin:/sbin") or name


def _install(names: str) -> str:
    return f"./dev setup {names} installs it, --peers leaves it out"


def _hitch_user() -> str:
    """Started by root, it insists on becoming somebody else."""
    return 'user = "nobody"' if os.geteuid() == 0 else ""
