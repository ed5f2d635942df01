"""One measurement: a proxy is started, loaded, and ended."""

import subprocess
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

from certificates import Certificate, KINDS, make_certificate
from child import Child
from load_result import LoadResult
from peer import Peer, Service
from ports import Ports
from scenarios import Case, Scenario

START_PATIENCE = 30.0  # seconds; a thousand TLS listeners take some of them
LOAD_PATIENCE = 90.0  # beyond warm-up and window: connecting, and one's own end
LISTEN = "0A"  # as /proc/net/tcp says it


@dataclass(frozen=True)
class Load:
    """The load generator, and for how long it measures."""
    program: Path
    seconds: float
    warm_up: float

    def command(self, case: Case, service: Service, pids: Sequence[int]) -> list[str]:
        command = [str(self.program), "--backend", f"127.0.0.1:{service.backend}",
                   "--target", ",".join(f"127.0.0.1:{port}" for port in service.ports),
                   "--seconds", f"{self.seconds:g}", "--warmup", f"{self.warm_up + case.settle:g}",
                   "--cpu-of", ",".join(map(str, pids))]
        for group in case.groups:
            command += ["--group", str(group)]
        if case.lines:
            command += ["--lines", str(case.lines)]
        return command


class Laboratory:
    """Where measurements happen: a folder, certificates, ports, and CPUs."""

    def __init__(self, folder: Path, load: Load, cpus: tuple[int, int]) -> None:
        self._folder = folder
        self._load = load
        self._cpus = cpus
        self._ports = Ports()
        self._certificates: dict[str, Certificate] = {
            kind: make_certificate(kind, folder) for kind in KINDS}

    def measure(self, scenario: Scenario, case: Case, peer: Peer) -> LoadResult:
        backend, *ports = self._ports.take(1 + case.routes)
        service = Service(ports, backend, self._certificates[case.key], case.threads, case.is_bulk,
                          self._folder)
        cpus = self._cpus if scenario.both_cpus else self._cpus[:1]
        with Child(peer.name, peer.start_command(service), cpus,
                   self._folder / f"{peer.name}.log") as proxy:
            proxy.await_ready(lambda: set(ports) <= listening_ports()
                              and len(proxy.pids()) >= peer.processes(case.threads),
                              START_PATIENCE)
            return self._run_load(case, service, proxy)

    def _run_load(self, case: Case, service: Service, proxy: Child) -> LoadResult:
        command = ["taskset", "-c", str(self._cpus[1]),
                   *self._load.command(case, service, proxy.pids())]
        patience = case.settle + self._load.warm_up + self._load.seconds + LOAD_PATIENCE
        try:
            # In a session of its own: a Ctrl-C is for the driver, which ends both.
            done = subprocess.run(command, stdin=subprocess.DEVNULL, capture_output=True, text=True,
                                  timeout=patience, check=False, start_new_session=True)
        except subprocess.TimeoutExpired:
            raise RuntimeError(f"bench_load did not end within {patience:.0f} s") from None
        proxy.check()
        if done.returncode != 0:
            said = done.stderr.strip() or f"ended with {done.returncode}"
            raise RuntimeError(f"bench_load: {said}\n{proxy.name}{proxy.tail()}")
        return LoadResult.parse(done.stdout)


def listening_ports() -> set[int]:
    """On IPv4, of all processes."""
    lines = Path("/proc/net/tcp").read_text(encoding="ascii").splitlines()[1:]
    fields = (line.split() for line in lines)
    return {int(local.rpartition(":")[2], 16) for _, local, _, state, *_ in fields
            if state == LISTEN}
