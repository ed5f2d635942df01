"""The machine that a run happens on."""

import os
import platform
import resource
from pathlib import Path

NOFILE = resource.RLIMIT_NOFILE


def two_cpus() -> tuple[int, int]:
    """One for the proxy, one for the load."""
    cpus = sorted(os.sched_getaffinity(0))
    if len(cpus) < 2:
        raise RuntimeError("the bench needs two CPUs, one for the proxy and one for the load; this "
                           f"process may use {len(cpus)}")
    return cpus[0], cpus[1]


def raise_descriptor_limit() -> int:
    """To what the system allows, for this process and what it starts."""
    _, hard = resource.getrlimit(NOFILE)
    resource.setrlimit(NOFILE, (hard, hard))
    return hard


def busy() -> str:
    """A warning, if others use it too."""
    load = os.getloadavg()[0]
    if load < 0.3:
        return ""
    return f"the machine is not idle (load average {load:.1f}): ratios may hold, figures do not"


def description() -> dict[str, object]:
    return {"cpu": _cpu_model(), "cpus": os.cpu_count(), "kernel": platform.release(),
            "load_average": round(os.getloadavg()[0], 2)}


def _cpu_model() -> str:
    for line in Path("/proc/cpuinfo").read_text(encoding="utf-8").splitlines():
        if line.startswith("model name"):
            return line.partition(":")[2].strip()
    return platform.machine()
