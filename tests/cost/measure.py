"""Measures one run: at two lengths, so that start and end of the daemon drop out."""

from pathlib import Path
from typing import Dict, List

from callgrind import Profile
from harness import Daemon, Identity, sockets
from runs import Run, Stage
from system_calls import counted_calls

# What the other threads do now and then is no cost of a unit.
WORTH_A_LINE = 0.05

CONFIG = """\
threads: 1
log: {{level: info, format: json, target: stderr}}
metrics: {{log_interval: 0s}}
routes:
  - name: relay
    listen: "127.0.0.1:0"
    tls: {tls}
    upstream: {{servers: ["127.0.0.1:{port}"]}}
    framing: {framing}
"""


def measure(run: Run, folder: Path) -> Dict[str, object]:
    few, many = (_profile(run, count, folder) for count in (run.few, run.many))
    steps = (run.many - run.few) * run.units
    calls_few, calls_many = (_system_calls(run, count, folder) for count in (run.few, run.many))
    names = sorted((calls_many.keys() | calls_few.keys()) - run.by_chance)
    calls = {name: round((calls_many.get(name, 0) - calls_few.get(name, 0)) / steps, 2)
             for name in names}
    return {
        "unit": run.unit,
        "own_instructions": round((many.own - few.own) / steps),
        "all_instructions": round((many.total - few.total) / steps),
        "allocations": round((many.allocations - few.allocations) / steps, 2),
        "system_calls": {name: count for name, count in calls.items() if count >= WORTH_A_LINE},
    }


def _profile(run: Run, count: int, folder: Path) -> Profile:
    file = folder / f"callgrind.{count}"
    _perform(run, count, folder, ["valgrind", "--quiet", "--tool=callgrind",
                                  f"--callgrind-out-file={file}"])
    return Profile.read(file, "spillway")


def _system_calls(run: Run, count: int, folder: Path) -> Dict[str, int]:
    file = folder / f"strace.{count}"
    # -D: the daemon itself is the child, so that signals reach it.
    _perform(run, count, folder, ["strace", "-D", "-f", "-qq", "-c", "-U", "calls,name",
                                  "-o", str(file)])
    return counted_calls(file)


def _perform(run: Run, count: int, folder: Path, under: List[str]) -> None:
    identity = Identity(folder)
    with sockets.listen_on_loopback() as listener:
        config = folder / "spillway.yaml"
        config.write_text(CONFIG.format(tls=identity.config, port=listener.getsockname()[1],
                                        framing=run.framing), encoding="utf-8")
        daemon = Daemon(config, under)
        try:
            run.work(Stage(daemon, identity, listener), count)
            code = daemon.stop()
        finally:
            daemon.kill()
    assert code == 0, f"the daemon ended with {code}"
